using System.Buffers.Binary;
using System.Text;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

public sealed class SafetensorsTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rlef-safetensors-").FullName;
    string Path => System.IO.Path.Combine(folder, "model.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    static readonly float[] A = [1, 2, 3, 4, 5, 6], B = [-1.5f, float.Epsilon];

    void WritePair()
    {
        using var scope = NewDisposeScope();
        Safetensors.Write(Path, [("a", tensor(A, [2, 3])), ("b", tensor(B, [2]))]);
    }

    (float[] A, float[] B) ReadPair()
    {
        using var scope = NewDisposeScope();
        Tensor a = zeros([2, 3]), b = zeros([2]);
        Safetensors.ReadInto(Path, [("a", a), ("b", b)]);
        return (a.data<float>().ToArray(), b.data<float>().ToArray());
    }

    void WriteFile(string header, int dataBytes)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + json.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        File.WriteAllBytes(Path, file);
    }

    string Failure(params (string, Tensor)[] targets)
    {
        var message = Assert.Throws<InvalidDataException>(() => Safetensors.ReadInto(Path, targets)).Message;
        Assert.StartsWith(Path, message);
        return message;
    }

    [Fact]
    public void Tensors_come_back_bit_for_bit()
    {
        WritePair();
        var (a, b) = ReadPair();
        Assert.Equal(A, a);
        Assert.Equal(B, b);
        Assert.False(File.Exists(Path + ".tmp"));
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void Types_are_converted(ScalarType stored)
    {
        using var scope = NewDisposeScope();
        Safetensors.Write(Path, [("a", tensor(A).to(stored))]);
        var read = zeros([6]);
        Safetensors.ReadInto(Path, [("a", read)]);
        Assert.Equal(A, read.data<float>().ToArray());
    }

    [Fact]
    public void A_file_without_checksum_is_read()
    {
        WriteFile("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8);
        using var x = ones([2]);
        Safetensors.ReadInto(Path, [("x", x)]);
        Assert.Equal([0f, 0f], x.data<float>().ToArray());
    }

    // As libraries do that read tensors and metadata, and write both.
    [Fact]
    public void A_file_that_another_tool_edited_and_saved_with_the_metadata_it_found_is_read()
    {
        WritePair();
        var whole = File.ReadAllBytes(Path);
        var dataStart = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(whole);
        var metadata = System.Text.Json.Nodes.JsonNode.Parse(whole.AsSpan(8, dataStart - 8))!["__metadata__"]!.ToJsonString();
        Assert.Contains("rlef.sha256", metadata);
        WriteFile($$"""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{{metadata}}}""", 8);
        using var x = ones([2]);
        Safetensors.ReadInto(Path, [("x", x)]);
        Assert.Equal([0f, 0f], x.data<float>().ToArray());
    }

    [Fact]
    public void Every_flipped_bit_is_found_or_harmless()
    {
        WritePair();
        var good = File.ReadAllBytes(Path);
        var dataStart = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(good);
        var random = new Random(1);
        for (var i = 0; i < good.Length; i++)
        {
            var bad = (byte[])good.Clone();
            bad[i] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(Path, bad);
            try
            {
                var (a, b) = ReadPair();
                // Only in the metadata may a bit change unnoticed; the tensors are then whole.
                Assert.True(i < dataStart, $"byte {i} of the data");
                Assert.Equal(A, a);
                Assert.Equal(B, b);
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith(Path, e.Message);
            }
        }
    }

    [Fact]
    public void Every_cut_is_found()
    {
        WritePair();
        var good = File.ReadAllBytes(Path);
        for (var length = 0; length < good.Length; length++)
        {
            File.WriteAllBytes(Path, good[..length]);
            Assert.Throws<InvalidDataException>(() => { ReadPair(); });
        }
        File.WriteAllBytes(Path, [.. good, 0]);
        Assert.Throws<InvalidDataException>(() => { ReadPair(); });
    }

    [Theory]
    [InlineData("[]", 0, "not a JSON object")]
    [InlineData("{ ", 0, "JSON")]
    [InlineData("""{"x":1}""", 0, "'x'")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2]}}""", 8, "'x' needs")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", 8, "'x' needs")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "'x' needs")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}}""", 8, "'x' needs")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1e30],"data_offsets":[0,8]}}""", 8, "'x' needs")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}}""", 8, "'x' needs")]
    [InlineData("""{"x":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}}""", 8, "unknown type 'F33'")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "does not fill")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "outside")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", 8, "outside")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "does not fill")]
    [InlineData("""{"x":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807,9223372036854775807],"data_offsets":[0,8]}}""", 8, "does not fill")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "begins at byte 4")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "'y' begins")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 12, "fill 8 bytes")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "twice")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "__metadata__")]
    [InlineData("""{"x":{"dtype":"I32","shape":[2],"data_offsets":[0,8]}}""", 8, "type I32")]
    [InlineData("""{"z":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "'x' is missing")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""", 8, "shape [1, 2]")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "'y' has no place")]
    public void A_bad_header_is_named(string header, int dataBytes, string part)
    {
        WriteFile(header, dataBytes);
        using var x = zeros([2]);
        Assert.Contains(part, Failure(("x", x)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(99_999_999)]
    public void A_header_length_beyond_the_file_allocates_nothing(long length)
    {
        var file = new byte[64];
        BinaryPrimitives.WriteInt64LittleEndian(file, length);
        File.WriteAllBytes(Path, file);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("header of", Failure());
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    public void Random_headers_never_escape_as_another_exception()
    {
        WritePair();
        var good = File.ReadAllBytes(Path);
        var random = new Random(2);
        var alphabet = Encoding.UTF8.GetBytes("{}[]\",:0123456789eE-+.abF\\u\xff ");
        for (var round = 0; round < 3000; round++)
        {
            var bad = (byte[])good.Clone();
            for (var n = random.Next(1, 6); n > 0; n--)
                bad[random.Next(good.Length)] = alphabet[random.Next(alphabet.Length)];
            File.WriteAllBytes(Path, bad);
            try
            {
                ReadPair();
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith(Path, e.Message);
            }
        }
    }

    [Fact]
    public void A_damaged_file_leaves_the_targets_alone()
    {
        WritePair();
        var bytes = File.ReadAllBytes(Path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(Path, bytes);
        using Tensor a = ones([2, 3]), b = ones([2]);
        Assert.Contains("checksum", Failure(("a", a), ("b", b)));
        Assert.All(a.data<float>().ToArray(), x => Assert.Equal(1, x));
    }
}
