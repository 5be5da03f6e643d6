using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A libtorch tensor. Belongs to the dispose scope that was innermost at its creation; outside of one, to its finalizer.</summary>
    public partial class Tensor : IDisposable
    {
        nint handle;
        internal DisposeScope? scope;
        internal int scopeIndex;

        internal Tensor(nint handle)
        {
            this.handle = handle;
            Interlocked.Increment(ref DisposeScopeManager.live);
            DisposeScopeManager.Statistics.ThreadTotalLiveCount++;
            DisposeScopeManager.Current?.Add(this);
        }

        ~Tensor() => Dispose(false);

        /// <summary>Tensors that are alive in this process.</summary>
        public static long TotalCount => Interlocked.Read(ref DisposeScopeManager.live);

        public nint Handle => handle != 0 ? handle : throw new ObjectDisposedException(nameof(Tensor));
        public bool IsInvalid => handle == 0;

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (handle == 0)
                return;
            scope?.Remove(this);
            Free(Forget());
        }

        internal nint Forget()
        {
            var h = handle;
            handle = 0;
            if (h != 0)
            {
                scope = null;
                Interlocked.Decrement(ref DisposeScopeManager.live);
                DisposeScopeManager.Statistics.ThreadTotalLiveCount--;
                GC.SuppressFinalize(this);
            }
            return h;
        }

        internal static unsafe void Free(nint h) => Native.rt_free(&h, 1);

        public Tensor MoveToOuterDisposeScope()
        {
            scope?.MoveOut(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            scope?.Remove(this);
            return this;
        }

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[Native.rt_dim(Handle)];
                fixed (long* p = sizes)
                    Native.rt_sizes(handle, p);
                return sizes;
            }
        }

        public long size(int dim) => shape[dim < 0 ? dim + (int)this.dim() : dim];
        public long dim() => Native.rt_dim(Handle);
        public int ndim => Native.rt_dim(Handle);
        public long numel() => Native.rt_numel(Handle);
        public long NumberOfElements => numel();
        public ScalarType dtype => (ScalarType)Native.rt_dtype(Handle);
        public Device device => Device.FromCode(Native.rt_device(Handle));
        public DeviceType device_type => device.type;
        public bool is_contiguous() => Native.rt_is_contiguous(Handle) != 0;

        public bool requires_grad
        {
            get => Native.rt_requires_grad(Handle) != 0;
            set => Native.Check(Native.rt_set_requires_grad(Handle, value ? 1 : 0));
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        /// <summary>The accumulated gradient, or null.</summary>
        public Tensor? grad
        {
            get => Native.rt_grad(Handle) is var g and not 0 ? new Tensor(g) : null;
            set => Native.Check(Native.rt_set_grad(Handle, value?.Handle ?? 0));
        }

        /// <param name="grad_tensors">One gradient of the tensor itself; needed where it has several elements.</param>
        public void backward(IList<Tensor>? grad_tensors = null) => Native.Check(Native.rt_backward(Handle, grad_tensors?.Single().Handle ?? 0, 0, 0));

        internal unsafe Span<T> Span<T>() where T : unmanaged
        {
            if (device_type != DeviceType.CPU || !is_contiguous())
                throw new InvalidOperationException("Reading elements needs a contiguous tensor on the CPU: call .cpu().contiguous() first.");
            return new Span<T>((void*)Native.rt_data(handle), checked((int)numel()));
        }

        /// <summary>The raw bytes of a contiguous tensor on the CPU.</summary>
        public unsafe Span<byte> bytes => new((void*)Native.rt_data(Handle), checked((int)(numel() * ElementSize(dtype))));

        static int ElementSize(ScalarType dtype) => dtype switch
        {
            ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
            ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
            ScalarType.Int32 or ScalarType.Float32 => 4,
            _ => 8,
        };

        public Utils.TensorAccessor<T> data<T>() where T : unmanaged => new(this);

        public T item<T>() where T : unmanaged
        {
            if (numel() != 1)
                throw new ArgumentException($"item() needs one element; the tensor has shape [{string.Join(", ", shape)}].");
            using var local = to(DtypeOf<T>()).cpu();
            return MemoryMarshal.Read<T>(local.bytes);
        }

        internal static ScalarType DtypeOf<T>() => typeof(T) == typeof(float) ? ScalarType.Float32
            : typeof(T) == typeof(double) ? ScalarType.Float64
            : typeof(T) == typeof(long) ? ScalarType.Int64
            : typeof(T) == typeof(int) ? ScalarType.Int32
            : typeof(T) == typeof(bool) ? ScalarType.Bool
            : typeof(T) == typeof(byte) ? ScalarType.Byte
            : throw new NotSupportedException($"Tensors of {typeof(T).Name} are not supported.");

        public override string ToString() => $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";
    }
}
