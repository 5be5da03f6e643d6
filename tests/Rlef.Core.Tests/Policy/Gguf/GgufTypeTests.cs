using System.Buffers.Binary;
using System.Text.Json;
using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

/// <summary>Elements of every type: packed here from their codes, and as ggml packed them.</summary>
public sealed class GgufTypeTests : IDisposable
{
    const int Rows = 3;

    readonly string folder = Directory.CreateTempSubdirectory("rlef-gguf-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // What a block says: element i is Unit · scale · code − MinimumUnit · minimum, or plus the minimum in the types of 32 elements.
    sealed record Codes(int[] Elements, int[] Scales, int[] Minima, float Unit, float MinimumUnit);

    delegate (byte[] Block, Func<int, float> Element) Packing(Codes codes);

    static readonly Dictionary<string, Packing> Packings = new()
    {
        ["Q8_0"] = c => ([.. Half(c.Unit), .. c.Elements.Take(32).Select(q => (byte)(sbyte)(q - 128))], i => (c.Elements[i] - 128) * c.Unit),
        ["Q4_0"] = c => ([.. Half(c.Unit), .. Nibbles(c, 32)], i => (c.Elements[i] % 16 - 8) * c.Unit),
        ["Q4_1"] = c => ([.. Half(c.Unit), .. Half(c.MinimumUnit), .. Nibbles(c, 32)], i => c.Elements[i] % 16 * c.Unit + c.MinimumUnit),
        ["Q5_0"] = c => ([.. Half(c.Unit), .. Fifths(c), .. Nibbles(c, 32)], i => (c.Elements[i] % 32 - 16) * c.Unit),
        ["Q5_1"] = c => ([.. Half(c.Unit), .. Half(c.MinimumUnit), .. Fifths(c), .. Nibbles(c, 32)], i => c.Elements[i] % 32 * c.Unit + c.MinimumUnit),
        ["Q2_K"] = c => ([.. Enumerable.Range(0, 16).Select(s => (byte)(c.Scales[s] % 16 | c.Minima[s] % 16 << 4)), .. Crumbs(c, 0), .. Half(c.Unit), .. Half(c.MinimumUnit)],
            i => c.Unit * (c.Scales[i / 16] % 16) * (c.Elements[i] % 4) - c.MinimumUnit * (c.Minima[i / 16] % 16)),
        ["Q3_K"] = c => ([.. Enumerable.Range(0, 32).Select(b => (byte)Enumerable.Range(0, 8).Sum(run => (c.Elements[run * 32 + b] >> 2 & 1) << run)), .. Crumbs(c, 0),
                .. Enumerable.Range(0, 8).Select(s => (byte)(c.Scales[s] % 16 | c.Scales[s + 8] % 16 << 4)),
                .. Enumerable.Range(0, 4).Select(s => (byte)Enumerable.Range(0, 4).Sum(quarter => (c.Scales[quarter * 4 + s] >> 4 & 3) << 2 * quarter)), .. Half(c.Unit)],
            i => c.Unit * (c.Scales[i / 16] % 64 - 32) * (c.Elements[i] % 8 - 4)),
        ["Q4_K"] = c => ([.. Half(c.Unit), .. Half(c.MinimumUnit), .. SixBits(c), .. Nibbles(c, 64)],
            i => c.Unit * (c.Scales[i / 32] % 64) * (c.Elements[i] % 16) - c.MinimumUnit * (c.Minima[i / 32] % 64)),
        ["Q5_K"] = c => ([.. Half(c.Unit), .. Half(c.MinimumUnit), .. SixBits(c),
                .. Enumerable.Range(0, 32).Select(b => (byte)Enumerable.Range(0, 8).Sum(run => (c.Elements[run * 32 + b] >> 4 & 1) << run)), .. Nibbles(c, 64)],
            i => c.Unit * (c.Scales[i / 32] % 64) * (c.Elements[i] % 32) - c.MinimumUnit * (c.Minima[i / 32] % 64)),
        ["Q6_K"] = c => ([.. Nibbles(c, 128), .. Crumbs(c, 4), .. c.Scales.Select(s => (byte)(sbyte)(s - 128)), .. Half(c.Unit)],
            i => c.Unit * (c.Scales[i / 16] - 128) * (c.Elements[i] % 64 - 32)),
    };

    static byte[] Half(float value) => BitConverter.GetBytes((Half)value);

    // Of each run of elements the first half in the low bits, the second in the high ones.
    static IEnumerable<byte> Nibbles(Codes c, int run) => Enumerable.Range(0, (run == 32 ? 32 : 256) / run)
        .SelectMany(r => Enumerable.Range(0, run / 2).Select(b => (byte)(c.Elements[r * run + b] % 16 | c.Elements[r * run + run / 2 + b] % 16 << 4)));

    static byte[] Fifths(Codes c) => BitConverter.GetBytes((uint)Enumerable.Range(0, 32).Sum(i => (long)(c.Elements[i] >> 4 & 1) << i));

    // Two bits of each: 32 bytes hold four runs of 32.
    static IEnumerable<byte> Crumbs(Codes c, int bit) => Enumerable.Range(0, 64)
        .Select(b => (byte)Enumerable.Range(0, 4).Sum(run => (c.Elements[b / 32 * 128 + run * 32 + b % 32] >> bit & 3) << 2 * run));

    static IEnumerable<byte> SixBits(Codes c) =>
    [
        .. Enumerable.Range(0, 4).Select(s => (byte)(c.Scales[s] % 64 | (c.Scales[s + 4] >> 4 & 3) << 6)),
        .. Enumerable.Range(0, 4).Select(s => (byte)(c.Minima[s] % 64 | (c.Minima[s + 4] >> 4 & 3) << 6)),
        .. Enumerable.Range(4, 4).Select(s => (byte)(c.Scales[s] % 16 | c.Minima[s] % 16 << 4)),
    ];

    public static TheoryData<string> Packed => [.. Packings.Keys];

    [Theory, MemberData(nameof(Packed))]
    public void Blocks_are_unpacked_element_by_element(string name)
    {
        var type = Enumerable.Range(0, 64).Select(id => GgufType.Find((uint)id)).Single(t => t?.Name == name)!;
        var random = new Random(7);
        List<byte> data = [];
        List<float> expected = [];
        for (var block = 0; block < 2 * Rows; block++)
        {
            int[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(256))];
            var (bytes, element) = Packings[name](new(Draw(256), Draw(16), Draw(16), (float)(Half)random.NextSingle(), (float)(Half)random.NextSingle()));
            Assert.Equal(type.Bytes, bytes.Length);
            data.AddRange(bytes);
            expected.AddRange(Enumerable.Range(0, type.Elements).Select(element));
        }
        var columns = 2 * type.Elements;
        Assert.Equal(expected, Read(type, columns, [.. data]));
    }

    [Theory]
    [InlineData("F32")]
    [InlineData("F16")]
    [InlineData("BF16")]
    public void Plain_elements_are_widened(string name)
    {
        float[] values = [1, -2.5f, 0, 65504, -0.0078125f, 3.140625f];
        var type = name == "F32" ? GgufType.F32 : name == "F16" ? GgufType.F16 : GgufType.BF16;
        byte[] data = [.. values.SelectMany(v => name == "F32" ? BitConverter.GetBytes(v) : name == "F16" ? Half(v) : BitConverter.GetBytes(v)[2..])];
        if (name == "BF16")
            values[3] = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(65504) & ~0xffff);
        Assert.Equal(values, Read(type, 2, data));
    }

    // By way of a file and a tensor of another type too.
    float[] Read(GgufType type, int columns, byte[] data)
    {
        var path = Path.Combine(folder, "t.gguf");
        File.WriteAllBytes(path, new GgufBytes(1, 0).Tensor("t", type.Id, 0, (ulong)columns, Rows).Pad().Bytes(data).ToArray());
        using var file = new GgufFile(path);
        using var scope = NewDisposeScope();
        Tensor wide = zeros(Rows, columns), narrow = zeros([Rows, columns], ScalarType.BFloat16);
        file.CopyTo("t", wide, row => row);
        file.CopyTo("t", narrow, row => Rows - 1 - row);
        Assert.Equal(wide.flip(0).to(ScalarType.BFloat16).Floats(), narrow.Floats());
        Assert.Equal(wide.Floats(), file.Elements("t"));
        return wide.Floats();
    }

    sealed record Golden(string Tensor, string Type, float[][] Values);

    [Fact]
    public void Every_type_reads_as_ggml_reads_it()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedData.Require("gguf", "types.json")));
        using var file = new GgufFile(SharedData.Require("gguf", "types.gguf"));
        var goldens = document.RootElement.GetProperty("tensors").Deserialize<Golden[]>(JsonSerializerOptions.Web)!;
        Assert.Equal(file.Entries.Keys.Order(), goldens.Select(g => g.Tensor).Order());
        foreach (var golden in goldens)
        {
            Assert.Equal(golden.Type, file.Entries[golden.Tensor].Type.Name);
            var expected = golden.Values.SelectMany(v => v).ToArray();
            var actual = file.Elements(golden.Tensor);
            Assert.Equal(expected.Length, actual.Length);
            for (var i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-6f * Math.Max(1e-3f, Math.Abs(expected[i])), $"{golden.Tensor}[{i}]: {expected[i]} and {actual[i]}");
        }
        Assert.Equal((200, -100, 60000, -30000), (file.Whole("t.u8"), file.Whole("t.i8"), file.Whole("t.u16"), file.Whole("t.i16")));
        Assert.Equal((4000000000, -2000000000, -4611686018427387904), (file.Whole("t.u32"), file.Whole("t.i32"), file.Whole("t.i64")));
        Assert.Contains("too large", Assert.Throws<InvalidDataException>(() => file.Whole("t.u64")).Message);
        Assert.Equal((1.5, 1e300, true), (file.Number("t.f32"), file.Number("t.f64"), file.Flag("t.bool")));
        Assert.Equal("π ≠ 3 \n \"x\"", file.Text("t.str"));
        Assert.Equal(["a", "", "日本"], file.Texts("t.strings")!);
    }

    [Fact]
    public void Eight_bits_are_rounded_as_by_ggml()
    {
        // The largest magnitude is 127 steps; halves go away from zero.
        var values = new float[64];
        (values[0], values[1], values[2], values[3]) = (127, 0.5f, -1.5f, 2.49f);
        (values[32], values[33]) = (-254, 1);
        var blocks = new byte[68];
        GgufBlocks.EncodeQ8_0(values, blocks);
        Assert.Equal((Half)1, BinaryPrimitives.ReadHalfLittleEndian(blocks));
        Assert.Equal([127, 1, -2, 2, 0], blocks[2..7].Select(b => (int)(sbyte)b));
        Assert.Equal((Half)2, BinaryPrimitives.ReadHalfLittleEndian(blocks.AsSpan(34)));
        Assert.Equal([-127, 1], blocks[36..38].Select(b => (int)(sbyte)b));
        var zero = new byte[34];
        GgufBlocks.EncodeQ8_0(new float[32], zero);
        Assert.All(zero, b => Assert.Equal(0, b));
    }
}
