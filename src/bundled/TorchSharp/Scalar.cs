namespace TorchSharp;

/// <summary>A number passed to an operator.</summary>
public sealed class Scalar
{
    internal readonly Value value;
    Scalar(Value value) => this.value = value;
    public static implicit operator Scalar(int v) => new(v);
    public static implicit operator Scalar(long v) => new(v);
    public static implicit operator Scalar(float v) => new((double)v);
    public static implicit operator Scalar(double v) => new(v);
    public static implicit operator Scalar(bool v) => new(v);
}
