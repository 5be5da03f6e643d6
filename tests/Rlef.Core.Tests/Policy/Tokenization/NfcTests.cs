using System.Diagnostics;
using System.Text.Json;
using Rlef.Policy;

namespace Rlef.Core.Tests.Policy;

public sealed class NfcTests
{
    [Fact]
    public async Task Texts_are_composed_as_by_Python()
    {
        // Letters, marks of all classes, Hangul and whatever else decomposes; some characters far more often than by chance. The ranges leave out marks
        // that are younger than the table.
        int[] marks = [0x300, 0x301, 0x302, 0x308, 0x323, 0x327, 0x328, 0x345, 0x5B0, 0x93C, 0x9BC, 0xBD7, 0xDCF, 0x1039, 0x3099, 0x309A, 0x20D0, 0x1D165, 0x1D16E];
        int[] bases = ['a', 'e', 'o', 'A', 'q', 0x1EA1, 0x212B, 0x2126, 0x1100, 0x1112, 0x1161, 0x1175, 0x11A8, 0x11C2, 0xAC00, 0xD7A3, 0xAC01, 0x915, 0x9C7, 0x9BE, 0x304B, 0x1D157, 0xFB1D, 0x2ADC, 0x344];
        (int First, int End)[] ranges = [(0x300, 0x700), (0x900, 0x9FC), (0xA00, 0xC3C), (0xC3D, 0xD3A), (0xE00, 0xEB9), (0xF00, 0x1700), (0x1720, 0x1ABF), (0x1B00, 0x1DF6),
            (0x1E00, 0xA800), (0xA840, 0xD7FF), (0xF900, 0x10D00), (0x11071, 0x11300), (0x1D000, 0x1E000), (0x2F800, 0x2FA20)];
        var random = new Random(9);
        var texts = new List<string>();
        for (var i = 0; i < 20_000; i++)
            texts.Add(string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => char.ConvertFromUtf32(random.Next(4) switch
            {
                0 => marks[random.Next(marks.Length)],
                1 => bases[random.Next(bases.Length)],
                _ => Within(ranges[random.Next(ranges.Length)]),
            }))));
        int Within((int First, int End) range) => random.Next(range.First, range.End);
        const string script = "import json,sys,unicodedata as u\nsys.stdout.buffer.write(json.dumps([u.normalize('NFC',t) for t in json.load(sys.stdin.buffer)]).encode())";
        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", script]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var output = python.StandardOutput.ReadToEndAsync();
        await python.StandardInput.WriteAsync(JsonSerializer.Serialize(texts));
        python.StandardInput.Close();
        var expected = JsonSerializer.Deserialize<string[]>(await output)!;
        var normalizer = new NfcNormalizer();
        for (var i = 0; i < texts.Count; i++)
            Assert.True(expected[i] == normalizer.Normalize(texts[i]), $"{string.Join(' ', texts[i].EnumerateRunes().Select(r => $"{r.Value:X}"))} became {string.Join(' ', normalizer.Normalize(texts[i]).EnumerateRunes().Select(r => $"{r.Value:X}"))}");
    }

    [Theory]
    [InlineData("q\u0345\u0323", "q\u0323\u0345")]
    [InlineData("q\u0345\u1AC1", "q\u0345\u1AC1")]   // Unicode 14
    [InlineData("\U00011935\U00011930", "\U00011935\U00011930")]   // a letter of Unicode 13 in two parts
    public void Marks_that_the_reference_does_not_know_stay_where_they_are(string text, string expected) => Assert.Equal(expected, new NfcNormalizer().Normalize(text));

    [Fact]
    public void A_composed_text_is_the_same_object()
    {
        const string text = "print(\"naïve 你好 한국어 😀\")";
        Assert.Same("naïve", new NfcNormalizer().Normalize("naïve"));
        Assert.Equal(text, new NfcNormalizer().Normalize(text));
    }

    [Fact]
    public void A_long_run_of_marks_takes_no_longer_than_its_length()
    {
        var text = "a" + string.Concat(Enumerable.Repeat("\u0301\u0323", 50_000));
        var watch = Stopwatch.StartNew();
        Assert.StartsWith("\u1EA1\u0323", new NfcNormalizer().Normalize(text), StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), "sorting marks must not take the square of their number");
    }
}
