namespace TorchSharp;

public static partial class torch
{
    static unsafe Tensor Sized(Op op, ReadOnlySpan<long> size, ScalarType? dtype, Device? device)
    {
        fixed (long* p = size)
            return op.Call(Value.Ints(p, size.Length), Value.Of(dtype), Value.None, Value.Of(device), Value.None);
    }

    public static Tensor empty(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null) => Sized(Ops.empty, size, dtype, device);
    public static Tensor zeros(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null) => Sized(Ops.zeros, size, dtype, device);
    public static Tensor ones(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null) => Sized(Ops.ones, size, dtype, device);
    public static Tensor rand(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null) => Sized(Ops.rand, size, dtype, device);
    public static Tensor randn(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null) => Sized(Ops.randn, size, dtype, device);

    public static unsafe Tensor full(ReadOnlySpan<long> size, Scalar value, ScalarType? dtype = null, Device? device = null)
    {
        fixed (long* p = size)
            return Ops.full.Call(Value.Ints(p, size.Length), value, Value.Of(dtype), Value.None, Value.Of(device), Value.None);
    }

    public static unsafe Tensor randint(long low, long high, ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null)
    {
        fixed (long* p = size)
            return Ops.randint.Call(low, high, Value.Ints(p, size.Length), Value.Of(dtype ?? ScalarType.Int64), Value.None, Value.Of(device), Value.None);
    }

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null) =>
        Ops.arange.Call((Scalar)0, stop, (Scalar)1, Value.Of(dtype), Value.None, Value.Of(device), Value.None);

    public static Tensor tensor(float[] rawArray, ReadOnlySpan<long> dimensions) => From<float>(rawArray, dimensions);
    public static Tensor tensor(long[] rawArray, ReadOnlySpan<long> dimensions) => From<long>(rawArray, dimensions);
    public static Tensor tensor(float[] rawArray) => From<float>(rawArray, [rawArray.Length]);
    public static Tensor tensor(long[] rawArray) => From<long>(rawArray, [rawArray.Length]);
    public static Tensor tensor(double[] rawArray) => From<double>(rawArray, [rawArray.Length]);

    static Tensor From<T>(ReadOnlySpan<T> data, ReadOnlySpan<long> shape) where T : unmanaged
    {
        var result = empty(shape, Tensor.DtypeOf<T>());
        if (result.numel() != data.Length)
            throw new ArgumentException($"{data.Length} elements do not fill the shape [{string.Join(", ", shape.ToArray())}].");
        data.CopyTo(result.Span<T>());
        return result;
    }

    public static unsafe Tensor cat(IList<Tensor> tensors, long dim = 0) => Joined(Ops.cat, tensors, dim);
    public static unsafe Tensor stack(IList<Tensor> tensors, long dim = 0) => Joined(Ops.stack, tensors, dim);

    static unsafe Tensor Joined(Op op, IList<Tensor> tensors, long dim)
    {
        var handles = stackalloc nint[tensors.Count];
        for (var i = 0; i < tensors.Count; i++)
            handles[i] = tensors[i].Handle;
        return op.Call(Value.Tensors(handles, tensors.Count), dim);
    }

    public static Tensor maximum(Tensor input, Tensor other) => Ops.maximum.Call(input, other);
    public static Tensor minimum(Tensor input, Tensor other) => Ops.minimum.Call(input, other);
    public static Tensor where(Tensor condition, Tensor x, Tensor y) => Ops.where.Call(condition, x, y);
    public static Tensor searchsorted(Tensor sorted_sequence, Tensor values, bool out_int32 = false, bool right = false, Tensor? sorter = null) =>
        Ops.searchsorted.Call(sorted_sequence, values, out_int32, right, Value.None, sorter);
    public static Tensor rsqrt(Tensor input) => input.rsqrt();
    public static Tensor matmul(Tensor input, Tensor target) => input.matmul(target);
}
