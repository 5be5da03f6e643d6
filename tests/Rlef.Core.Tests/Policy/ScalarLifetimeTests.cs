using System.Reflection;
using System.Reflection.Emit;
using Rlef.Policy;
using TorchSharp;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

/// <summary>No scalar may be collected while libtorch reads it: all arithmetic with numbers goes through <see cref="Arithmetic"/>.</summary>
public sealed class ScalarLifetimeTests
{
    const BindingFlags All = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    static readonly OpCode[] Codes = [.. typeof(OpCodes).GetFields().Select(f => f.GetValue(null)).OfType<OpCode>()];
    static readonly Dictionary<byte, OpCode> Short = Codes.Where(c => c.Size == 1).ToDictionary(c => (byte)c.Value), Long = Codes.Where(c => c.Size == 2).ToDictionary(c => (byte)c.Value);

    // TorchSharp's methods that let go of a scalar, and those that call them.
    static readonly Lazy<HashSet<MethodBase>> Careless = new(() =>
    {
        var methods = Methods(typeof(torch).Assembly).Where(m => !IsMaker(m)).Select(m => (Method: m, Calls: Calls(m).ToList())).ToList();
        var careless = methods.Where(m => m.Calls.Exists(IsMaker) && !m.Calls.Exists(c => c.DeclaringType == typeof(Scalar) && c.Name == nameof(Scalar.Dispose))).Select(m => m.Method).ToHashSet();
        for (var before = 0; before < careless.Count;)
        {
            before = careless.Count;
            careless.UnionWith(methods.Where(m => m.Calls.Exists(careless.Contains)).Select(m => m.Method));
            careless.UnionWith(careless.OfType<MethodInfo>().Select(m => m.GetBaseDefinition()).ToList());
        }
        return careless;
    });

    static bool IsMaker(MethodBase method) => method.DeclaringType == typeof(Scalar) && method.Name == "op_Implicit" || method.DeclaringType == typeof(ScalarExtensionMethods);

    static IEnumerable<MethodBase> Methods(Assembly assembly) => assembly.GetTypes().SelectMany(t => t.GetMembers(All).OfType<MethodBase>());

    // The methods that the instructions of a method name.
    static IEnumerable<MethodBase> Calls(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at < code.Length;)
        {
            var operation = code[at] == 0xFE ? Long[code[at + 1]] : Short[code[at]];
            at += operation.Size;
            if (operation.OperandType == OperandType.InlineMethod
                && method.Module.ResolveMethod(BitConverter.ToInt32(code, at), method.DeclaringType?.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : null) is { } called)
                yield return called;
            at += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
                _ => 4,
            };
        }
    }

    static List<string> Faults(IEnumerable<MethodBase> methods) => [.. from method in methods
                                                                      where method.DeclaringType != typeof(Arithmetic)
                                                                      from called in Calls(method)
                                                                      where Careless.Value.Contains(called)
                                                                          || called.DeclaringType?.Assembly == typeof(torch).Assembly && called.GetParameters().Any(p => p.ParameterType == typeof(Scalar))
                                                                      select $"{method.DeclaringType}.{method.Name} calls {called.DeclaringType?.Name}.{called}"];

    [Theory]
    [InlineData(typeof(Arithmetic))]
    [InlineData(typeof(ScalarLifetimeTests))]
    public void No_operation_of_TorchSharp_is_called_that_lets_go_of_its_scalars(Type inAssembly) =>
        Assert.Empty(Faults(Methods(inAssembly.Assembly).Where(m => m.DeclaringType != typeof(Examples))));

    [Theory]
    [InlineData(nameof(Examples.Sum))]
    [InlineData(nameof(Examples.Product))]
    [InlineData(nameof(Examples.Given))]
    [InlineData(nameof(Examples.Counted))]
    [InlineData(nameof(Examples.Step))]
    public void Those_that_do_are_found(string example) => Assert.Single(Faults([typeof(Examples).GetMethod(example, All)!]));

    [Theory]
    [InlineData(nameof(Examples.Difference))]
    [InlineData(nameof(Examples.Kept))]
    public void Others_are_not(string example) => Assert.Empty(Faults([typeof(Examples).GetMethod(example, All)!]));

    static class Examples
    {
        public static Tensor Sum(Tensor x, Tensor y) => x + y;
        public static Tensor Product(Tensor x) => x * 0.5;
        public static Tensor Given(Tensor x, Scalar y) => x.mul(y);
        public static Tensor Counted() => arange(3);
        public static void Step(optim.Optimizer optimizer) => optimizer.step();
        public static Tensor Difference(Tensor x, Tensor y) => (x - y) * y / x;
        public static Tensor Kept(Tensor x, Tensor y) => x.Add(y).Mul(0.5).Clamp(0, 1);
    }

    [Fact]
    public void Numbers_hold_while_another_thread_collects()
    {
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
                GC.Collect(0);
        });
        collector.Start();
        try
        {
            using var x = ones(256);
            for (var i = 0; i < 20_000; i++)
            {
                using var scope = NewDisposeScope();
                Assert.Equal(5, x.Add(x).Mul(3).Sub(1)[255].item<float>());
            }
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }
    }
}
