using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp;

enum Kind { None, Tensor, Int, Double, Bool, Ints, Tensors, String, Device, OptionalTensors }

/// <summary>An argument or result of an operator; laid out as in rlef_torch.cpp.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
readonly struct Value
{
    [FieldOffset(0)] public readonly Kind Kind;
    [FieldOffset(4)] public readonly int Length;
    [FieldOffset(8)] public readonly long Integer;
    [FieldOffset(8)] public readonly double Number;
    [FieldOffset(8)] public readonly nint Pointer;

    Value(Kind kind, int length = 0) : this() => (Kind, Length) = (kind, length);
    Value(Kind kind, long integer) : this(kind) => Integer = integer;
    Value(Kind kind, double number) : this(kind) => Number = number;
    Value(Kind kind, nint pointer, int length) : this(kind, length) => Pointer = pointer;

    public static Value None => default;
    public static unsafe Value Ints(long* p, int n) => new(Kind.Ints, (nint)p, n);
    public static unsafe Value Tensors(nint* p, int n) => new(Kind.Tensors, (nint)p, n);
    public static unsafe Value OptionalTensors(nint* p, int n) => new(Kind.OptionalTensors, (nint)p, n);
    public static unsafe Value String(byte* p, int n) => new(Kind.String, (nint)p, n);
    public static Value Of(torch.Device? device) => device is null ? None : new(Kind.Device, (long)device.Code);
    public static Value Of(torch.ScalarType? dtype) => dtype is { } d ? (long)d : None;
    public static implicit operator Value(torch.Tensor? t) => t is null ? None : new(Kind.Tensor, t.Handle, 0);
    public static implicit operator Value(long i) => new(Kind.Int, i);
    public static implicit operator Value(int i) => new(Kind.Int, (long)i);
    public static implicit operator Value(double d) => new(Kind.Double, d);
    public static implicit operator Value(bool b) => new(Kind.Bool, b ? 1L : 0);
    public static implicit operator Value(Scalar s) => s.value;
}

static unsafe partial class Native
{
    const string Library = "rlef_torch";

    static Native() => NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, (name, assembly, _) =>
        name != Library ? 0 : NativeLibrary.Load(Path.Combine(Path.GetDirectoryName(assembly.Location)!, "librlef_torch.so")));

    [LibraryImport(Library)] public static partial byte* rt_error();
    [LibraryImport(Library)] public static partial byte* rt_version();
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] private static partial nint rt_operator(string name, string overload);
    [LibraryImport(Library)] private static partial int rt_call(nint op, Value* args, int count, Value* results, int capacity);
    [LibraryImport(Library)] public static partial void rt_free(nint* handles, int count);
    [LibraryImport(Library)] public static partial void rt_free_memory(nint p);
    [LibraryImport(Library)] public static partial nint rt_share(nint h);
    [LibraryImport(Library), SuppressGCTransition] public static partial int rt_dim(nint h);
    [LibraryImport(Library), SuppressGCTransition] public static partial long rt_numel(nint h);
    [LibraryImport(Library), SuppressGCTransition] public static partial void rt_sizes(nint h, long* sizes);
    [LibraryImport(Library), SuppressGCTransition] public static partial int rt_dtype(nint h);
    [LibraryImport(Library), SuppressGCTransition] public static partial int rt_device(nint h);
    [LibraryImport(Library), SuppressGCTransition] public static partial int rt_is_contiguous(nint h);
    [LibraryImport(Library)] public static partial nint rt_data(nint h);
    [LibraryImport(Library)] public static partial int rt_requires_grad(nint h);
    [LibraryImport(Library)] public static partial int rt_set_requires_grad(nint h, int value);
    [LibraryImport(Library)] public static partial nint rt_grad(nint h);
    [LibraryImport(Library)] public static partial int rt_set_grad(nint h, nint gradient);
    [LibraryImport(Library)] public static partial int rt_backward(nint h, nint gradient, int retain, int create);
    [LibraryImport(Library), SuppressGCTransition] public static partial int rt_grad_enabled();
    [LibraryImport(Library), SuppressGCTransition] public static partial void rt_set_grad_enabled(int value);
    [LibraryImport(Library)] public static partial void rt_set_num_threads(int n);
    [LibraryImport(Library)] public static partial int rt_get_num_threads();
    [LibraryImport(Library)] public static partial int rt_manual_seed(ulong seed);
    [LibraryImport(Library)] public static partial int rt_cuda_is_available();
    [LibraryImport(Library)] public static partial int rt_cuda_synchronize();

    public static string Error => Marshal.PtrToStringUTF8((nint)rt_error()) ?? "";

    public static void Check(int result)
    {
        if (result < 0)
            throw new ExternalException(Error);
    }

    public static nint Operator(string name, string overload)
    {
        var op = rt_operator("aten::" + name, overload);
        return op != 0 ? op : throw new ExternalException($"libtorch has no operator aten::{name}.{overload}: {Error}");
    }

    public static int Call(Op op, ReadOnlySpan<Value> args, Span<Value> results)
    {
        fixed (Value* a = args, r = results)
        {
            var n = rt_call(op.Handle, a, args.Length, r, results.Length);
            return n >= 0 ? n : throw Failure(op, args);
        }
    }

    static ExternalException Failure(Op op, ReadOnlySpan<Value> args)
    {
        var shapes = new List<string>();
        foreach (var arg in args)
            if (arg.Kind == Kind.Tensor)
            {
                var shape = new long[rt_dim(arg.Pointer)];
                fixed (long* p = shape)
                    rt_sizes(arg.Pointer, p);
                shapes.Add($"[{string.Join(", ", shape)}]");
            }
        return new ExternalException($"{op.Name}({string.Join(", ", shapes)}): {Error}");
    }
}

/// <summary>An operator by its schema name, looked up at its first use.</summary>
sealed class Op(string name, string overload = "")
{
    nint handle;
    public string Name => name;
    public nint Handle => handle != 0 ? handle : handle = Native.Operator(name, overload);

    public torch.Tensor Call(params ReadOnlySpan<Value> args)
    {
        Span<Value> result = stackalloc Value[1];
        Native.Call(this, args, result);
        return new torch.Tensor(result[0].Pointer);
    }

    public void Run(params ReadOnlySpan<Value> args)
    {
        Span<Value> result = stackalloc Value[1];
        Native.Call(this, args, result);
        if (result[0].Kind == Kind.Tensor)
            torch.Tensor.Free(result[0].Pointer);
    }

    public (torch.Tensor, torch.Tensor) Call2(params ReadOnlySpan<Value> args)
    {
        Span<Value> result = stackalloc Value[2];
        Native.Call(this, args, result);
        return (new torch.Tensor(result[0].Pointer), new torch.Tensor(result[1].Pointer));
    }

    public unsafe torch.Tensor[] CallMany(params ReadOnlySpan<Value> args)
    {
        Span<Value> result = stackalloc Value[1];
        Native.Call(this, args, result);
        var tensors = new torch.Tensor[result[0].Length];
        for (var i = 0; i < tensors.Length; i++)
            tensors[i] = new torch.Tensor(((nint*)result[0].Pointer)[i]);
        Native.rt_free_memory(result[0].Pointer);
        return tensors;
    }
}
