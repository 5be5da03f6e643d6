using FsCheck;
using FsCheck.Fluent;
using Rlef.Policy;

namespace Rlef.Core.Tests.Policy;

/// <summary>Files that lie about themselves are refused in one line that names file and place, at once, whatever they claim.</summary>
public sealed class GgufHeaderTests : IDisposable
{
    const long MostAllocated = 4_000_000;
    const ulong Huge = 1UL << 62;

    readonly string folder = Directory.CreateTempSubdirectory("rlef-gguf-").FullName;
    string Path => System.IO.Path.Combine(folder, "m.gguf");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string Failure(byte[] bytes)
    {
        File.WriteAllBytes(Path, bytes);
        return Failure(Path);
    }

    static string Failure(string path)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Assert.Throws<InvalidDataException>(() => PolicyCheckpoint.Load(path).Dispose()).Message;
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MostAllocated, $"{path}: {message}");
        Assert.StartsWith(path, message);
        Assert.DoesNotContain('\n', message);
        return message;
    }

    static GgufBytes Values(ulong count = 1) => new(0, count);

    static GgufBytes Tensors(ulong count = 1) => new(count, 0);

    public static TheoryData<string, byte[], string> Lies()
    {
        var bytes32 = new byte[32];
        var text = new byte[100];
        return new()
        {
            { "empty", [], "it has 0 bytes" },
            { "another kind", [.. "PK\u0003\u0004"u8, .. text], "letters GGUF" },
            { "version 1", new GgufBytes(0, 0, 1).ToArray(), "version 1" },
            { "the other byte order", new GgufBytes(0, 0, 3U << 24).ToArray(), "highest byte first" },
            { "more tensors than bytes", Tensors(Huge).Bytes(text).ToArray(), "tensors" },
            { "more values than bytes", Values(Huge).Bytes(text).ToArray(), "named values" },
            { "a name beyond the end", Values().U64(1UL << 63).Bytes(text).ToArray(), "byte 24: the name of a value" },
            { "a name without end", Values().U64(5).Bytes("abc"u8).ToArray(), "byte" },
            { "no name", Values().Text("").U32(4).U32(1).ToArray(), "0 bytes" },
            { "a kind of its own", Values().Text("key").U32(77).U64(1).ToArray(), "kind 77" },
            { "a text beyond the end", Values().Key("key", GgufKind.Text).U64(Huge).Bytes(text).ToArray(), "'key' has a text of" },
            { "a list beyond the end", Values().Key("key", GgufKind.Array).U32((uint)GgufKind.Text).U64(Huge).Bytes(text).ToArray(), "'key' has a list of" },
            { "a list of numbers beyond the end", Values().Key("key", GgufKind.Array).U32((uint)GgufKind.UInt64).U64(13).Bytes(text).ToArray(), "more than the file has room for" },
            { "lists without end", Enumerable.Range(0, 9).Aggregate(Values().Key("key", GgufKind.Array), (b, _) => b.U32((uint)GgufKind.Array).U64(1)).Bytes(text).ToArray(), "nested" },
            { "neither true nor false", Values().Key("key", GgufKind.Bool).Bytes([2]).ToArray(), "0 or 1" },
            { "a value cut short", Values().Key("key", GgufKind.Float64).Bytes([2, 3]).ToArray(), "ends within 'key'" },
            { "a key twice", Values(2).Key("key", GgufKind.UInt32).U32(1).Key("key", GgufKind.UInt32).U32(1).ToArray(), "twice" },
            { "an odd alignment", Values().Key("general.alignment", GgufKind.UInt32).U32(48).ToArray(), "power of two" },
            { "no alignment", Values().Key("general.alignment", GgufKind.UInt32).U32(0).ToArray(), "power of two" },
            { "an alignment in words", Values().Key("general.alignment", GgufKind.Text).Text("32").ToArray(), "power of two" },
            { "no dimensions", Tensors().Tensor("t", 0, 0).Pad().ToArray(), "0 dimensions" },
            { "many dimensions", Tensors().Tensor("t", 0, 0, 1, 1, 1, 1, 1).Pad().ToArray(), "5 dimensions" },
            { "an empty dimension", Tensors().Tensor("t", 0, 0, 4, 0).Pad().ToArray(), "dimension of 0" },
            { "dimensions beyond numbers", Tensors().Tensor("t", 0, 0, ulong.MaxValue, ulong.MaxValue, Huge, Huge).Pad().Bytes(text).ToArray(), "beyond the file's end" },
            { "dimensions whose product is small again", Tensors().Tensor("t", 0, 0, 1UL << 32, 1UL << 32).Pad().Bytes(text).ToArray(), "beyond the file's end" },
            { "an unknown type", Tensors().Tensor("t", 250, 0, 32).Pad().Bytes(text).ToArray(), "number 250" },
            { "a type that is not read", Tensors().Tensor("t", 16, 0, 256).Pad().Bytes(text).ToArray(), "IQ2_XXS" },
            { "half a block", Tensors().Tensor("t", 8, 0, 48).Pad().Bytes(text).ToArray(), "blocks of 32" },
            { "a place of its own", Tensors().Tensor("t", 0, 32, 8).Pad().Bytes(bytes32).Bytes(bytes32).ToArray(), "begins at byte 32" },
            { "a place beyond the end", Tensors().Tensor("t", 0, 1UL << 40, 8).Pad().Bytes(bytes32).ToArray(), "begins at byte" },
            { "one place for two", Tensors(2).Tensor("t", 0, 0, 8).Tensor("u", 0, 0, 8).Pad().Bytes(bytes32).Bytes(bytes32).ToArray(), "'u' begins at byte 0" },
            { "a name for two", Tensors(2).Tensor("t", 0, 0, 8).Tensor("t", 0, 32, 8).Pad().Bytes(bytes32).Bytes(bytes32).ToArray(), "listed twice" },
            { "data cut short", Tensors().Tensor("t", 0, 0, 8).Pad().Bytes(bytes32.AsSpan(1)).ToArray(), "cut short" },
            { "no model", Values().Key("key", GgufKind.UInt32).U32(1).ToArray(), "general.architecture is missing" },
            { "an unknown model", Values().Key("general.architecture", GgufKind.Text).Text("mamba").ToArray(), "'mamba' are not supported" },
        };
    }

    [Theory, MemberData(nameof(Lies))]
    public void A_lie_is_named(string lie, byte[] bytes, string part)
    {
        Assert.NotEmpty(lie);
        Assert.Contains(part, Failure(bytes));
    }

    [Fact]
    public void Public_files_that_lie_are_refused()
    {
        var files = Directory.GetFiles(SharedData.Require("gguf", "hostile"));
        Assert.NotEmpty(files);
        Assert.All(files, file => Failure(file));
    }

    [Fact]
    public void A_mutated_file_is_refused_in_plain_words_or_read()
    {
        TinyPolicies.Save(Path, "llama", StoredType.Q8_0);
        var whole = File.ReadAllBytes(Path);
        var header = 0;
        using (var file = new GgufFile(Path))
            header = (int)file.Entries.Values.Min(e => e.Start);
        ulong[] telling = [0, 1, 0xff, 0xffff, 0xffffffff, 1UL << 31, 1UL << 62, ulong.MaxValue];
        var bytes = Gen.OneOf(Gen.Choose(0, 255).Select(b => new[] { (byte)b }), Gen.Elements(telling).Select(n => BitConverter.GetBytes(n)));
        var mutations = Gen.Choose(1, 6).SelectMany(count => Gen.Zip(Gen.Choose(0, header - 1), bytes).ArrayOf(count));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1500), Prop.ForAll(mutations.ToArbitrary(), changes =>
        {
            var bad = (byte[])whole.Clone();
            foreach (var (at, fresh) in changes)
                fresh.AsSpan(0, Math.Min(fresh.Length, header - at)).CopyTo(bad.AsSpan(at));
            File.WriteAllBytes(Path, bad);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                PolicyCheckpoint.Load(Path).Dispose();
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith(Path, e.Message);
                Assert.DoesNotContain('\n', e.Message);
            }
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 2 * MostAllocated);
        }));
    }

    [Fact]
    public void A_cut_file_is_refused()
    {
        TinyPolicies.Save(Path, "llama", StoredType.F16);
        var whole = File.ReadAllBytes(Path);
        var random = new Random(3);
        for (var round = 0; round < 100; round++)
            // Padding may be missing at the end.
            Failure(whole[..random.Next(whole.Length - 32)]);
    }
}
