using System.Numerics;

namespace Microsoft.Data.Analysis;

/// <summary>What numbers of one type can do, found once a type: a column's element type is known at run time only.</summary>
abstract class Arithmetic<T> where T : unmanaged
{
    /// <summary>Null for types that are no numbers.</summary>
    public static Arithmetic<T>? Instance { get; } = Create() as Arithmetic<T>;

    public abstract T Add(T left, T right);
    public abstract T Subtract(T left, T right);
    public abstract T Multiply(T left, T right);
    public abstract T Divide(T left, T right);
    public abstract T Modulo(T left, T right);
    public abstract T Abs(T value);
    public abstract T Max(T left, T right);
    public abstract T Min(T left, T right);
    public abstract bool Less(T left, T right);
    public abstract bool LessOrEqual(T left, T right);
    public abstract double ToDouble(T value);

    static object? Create() =>
        typeof(T) == typeof(double) ? new Of<double>()
        : typeof(T) == typeof(float) ? new Of<float>()
        : typeof(T) == typeof(int) ? new Of<int>()
        : typeof(T) == typeof(long) ? new Of<long>()
        : typeof(T) == typeof(byte) ? new Of<byte>()
        : typeof(T) == typeof(ulong) ? new Of<ulong>()
        : null;

    sealed class Of<N> : Arithmetic<N> where N : unmanaged, INumber<N>
    {
        public override N Add(N left, N right) => left + right;
        public override N Subtract(N left, N right) => left - right;
        public override N Multiply(N left, N right) => left * right;
        public override N Divide(N left, N right) => left / right;
        public override N Modulo(N left, N right) => left % right;
        public override N Abs(N value) => N.Abs(value);
        public override N Max(N left, N right) => N.Max(left, right);
        public override N Min(N left, N right) => N.Min(left, right);
        public override bool Less(N left, N right) => left < right;
        public override bool LessOrEqual(N left, N right) => left <= right;
        public override double ToDouble(N value) => double.CreateSaturating(value);
    }
}
