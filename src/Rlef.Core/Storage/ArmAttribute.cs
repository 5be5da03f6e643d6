namespace Rlef.Storage;

/// <summary>Names an implementation of an interface in recipes: <c>"grpo"</c>, or <c>{"kind": "grpo", …}</c> with settings that are not its usual ones.</summary>
[AttributeUsage(AttributeTargets.Interface, AllowMultiple = true)]
public sealed class ArmAttribute(string name, Type type) : Attribute
{
    public string Name => name;

    /// <summary>A record whose settings are its properties, and which can be made without any.</summary>
    public Type Type => type;
}
