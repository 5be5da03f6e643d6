using TorchSharp;
using static TorchSharp.torch;

namespace Rlef.Policy;

/// <summary>
/// TorchSharp's operations with numbers, under the same names, with numbers that live until libtorch has read them. TorchSharp's own operators and methods turn a
/// number into a <see cref="Scalar"/> that nobody holds, also the hidden factor 1 of <c>x + y</c>: where another thread allocates, the collector may free it while
/// libtorch reads it, and the step fails or computes with another number.
/// </summary>
/// <remarks>
/// Each method takes its scalars over and disposes of them, so that any number may be given. To be used instead of <c>+</c> of two tensors and of every operator with a
/// number; <c>-</c>, <c>*</c> and <c>/</c> of two tensors need none.
/// </remarks>
public static class Arithmetic
{
    /// <summary>x + y</summary>
    public static Tensor Add(this Tensor x, Tensor y)
    {
        using Scalar one = 1;
        return x.add(y, one);
    }

    /// <summary>x + number</summary>
    public static Tensor Add(this Tensor x, Scalar number)
    {
        using Scalar one = 1;
        using (number)
            return x.add(number, one);
    }

    /// <summary>x ← x + y</summary>
    public static Tensor Add_(this Tensor x, Tensor y) => x.AddScaled_(y, 1);

    /// <summary>x ← x + number</summary>
    public static Tensor Add_(this Tensor x, Scalar number)
    {
        using Scalar one = 1;
        using (number)
            return x.add_(number, one);
    }

    /// <summary>x ← x + factor · y</summary>
    public static Tensor AddScaled_(this Tensor x, Tensor y, Scalar factor)
    {
        using (factor)
            return x.add_(y, factor);
    }

    /// <summary>x − number</summary>
    public static Tensor Sub(this Tensor x, Scalar number)
    {
        using (number)
            return x.sub(number);
    }

    /// <summary>x · number</summary>
    public static Tensor Mul(this Tensor x, Scalar number)
    {
        using (number)
            return x.mul(number);
    }

    /// <summary>x ← x · number</summary>
    public static Tensor Mul_(this Tensor x, Scalar number)
    {
        using (number)
            return x.mul_(number);
    }

    /// <summary>x / number</summary>
    public static Tensor Div(this Tensor x, Scalar number)
    {
        using (number)
            return x.div(number);
    }

    /// <summary>x to the power of a number</summary>
    public static Tensor Pow(this Tensor x, Scalar number)
    {
        using (number)
            return x.pow(number);
    }

    /// <summary>x²</summary>
    public static Tensor Square(this Tensor x) => x.Pow(2);

    /// <summary>x ← x + factor · y · z</summary>
    public static Tensor AddProduct_(this Tensor x, Tensor y, Tensor z, Scalar factor)
    {
        using (factor)
            return x.addcmul_(y, z, factor);
    }

    /// <summary>x ← x + factor · y / z</summary>
    public static Tensor AddQuotient_(this Tensor x, Tensor y, Tensor z, Scalar factor)
    {
        using (factor)
            return x.addcdiv_(y, z, factor);
    }

    /// <summary>max(least, min(most, x))</summary>
    public static Tensor Clamp(this Tensor x, Scalar least, Scalar most)
    {
        using (least)
        using (most)
            return x.clamp(least, most);
    }

    /// <summary>max(least, x)</summary>
    public static Tensor ClampMin(this Tensor x, Scalar least)
    {
        using (least)
            return x.clamp_min(least);
    }

    /// <summary>min(most, x)</summary>
    public static Tensor ClampMax(this Tensor x, Scalar most)
    {
        using (most)
            return x.clamp_max(most);
    }

    /// <summary>x &gt; number, of type bool</summary>
    public static Tensor Gt(this Tensor x, Scalar number)
    {
        using (number)
            return x.gt(number);
    }

    /// <summary>x &lt; number, of type bool</summary>
    public static Tensor Lt(this Tensor x, Scalar number)
    {
        using (number)
            return x.lt(number);
    }

    /// <summary>x, and the number where the mask is true.</summary>
    public static Tensor MaskedFill(this Tensor x, Tensor mask, Scalar number)
    {
        using (number)
            return x.masked_fill(mask, number);
    }

    /// <summary>x ← number everywhere</summary>
    public static Tensor Fill_(this Tensor x, Scalar number)
    {
        using (number)
            return x.fill_(number);
    }

    /// <summary>x with y's slices added along a dimension at the places that index names.</summary>
    public static Tensor IndexAdd(this Tensor x, long dimension, Tensor index, Tensor y)
    {
        using Scalar one = 1;
        return x.index_add(dimension, index, y, one);
    }

    /// <summary>The number everywhere.</summary>
    public static Tensor Full(ReadOnlySpan<long> shape, Scalar number, ScalarType dtype, Device? device = null)
    {
        using (number)
            return full(shape, number, dtype, device);
    }

    /// <summary>[count] first, first + 1, first + 2, …</summary>
    public static Tensor Range(long count, Device? device, ScalarType dtype = ScalarType.Int64, long first = 0)
    {
        using Scalar start = first, stop = first + count, step = 1;
        return arange(start, stop, step, dtype, device);
    }
}
