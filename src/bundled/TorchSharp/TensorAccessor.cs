namespace TorchSharp.Utils;

/// <summary>Reads the elements of a tensor on the CPU.</summary>
public sealed class TensorAccessor<T> where T : unmanaged
{
    readonly torch.Tensor tensor;
    internal TensorAccessor(torch.Tensor tensor) => this.tensor = tensor.is_contiguous() ? tensor : tensor.contiguous();

    public long Count => tensor.numel();
    public T this[long index] => tensor.Span<T>()[checked((int)index)];
    public T[] ToArray() => tensor.Span<T>().ToArray();
    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => tensor.Span<T>()[checked((int)tensorIndex)..].CopyTo(array.AsSpan(arrayIndex));
    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => array.AsSpan(arrayIndex).CopyTo(tensor.Span<T>()[checked((int)tensorIndex)..]);
}
