using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Rlef.Policy;

namespace Rlef.Benchmarks;

/// <summary>
/// Loading a policy folder of a gigabyte in several safetensors files, beside reading the same files into fresh memory: warm, with the files in the
/// system's cache, and cold, with the cache told to drop them.
/// </summary>
static partial class LoadBenchmark
{
    const int Rounds = 5, Shards = 4, DropFromCache = 4;   // POSIX_FADV_DONTNEED

    static readonly ModelConfig Config = new()
    {
        VocabSize = 32_000, HiddenSize = 1024, IntermediateSize = 2816, NumHiddenLayers = 16, NumAttentionHeads = 16, NumKeyValueHeads = 8,
        MaxPositionEmbeddings = 2048, TieWordEmbeddings = false,
    };

    public static int Run()
    {
        var folder = Directory.CreateTempSubdirectory("rlef-load-").FullName;
        try
        {
            Make(folder);
            var files = Directory.GetFiles(folder, "*.safetensors").Order().ToArray();
            var bytes = files.Sum(f => new FileInfo(f).Length);
            Dictionary<string, double> figures = new() { ["bytes"] = bytes };
            Console.WriteLine($"{bytes / 1e9:F2} GB in {files.Length} files; median of {Rounds} rounds, loading and reading in turn");
            foreach (var cache in (string[])["warm", "cold"])
            {
                List<double> loads = [], reads = [], managed = [];
                for (var round = 0; round <= Rounds; round++)
                {
                    var read = Timed(() => Read(files));
                    var before = GC.GetTotalAllocatedBytes(precise: true);
                    var load = Timed(() => PolicyCheckpoint.Load(folder).Dispose());
                    if (round == 0)
                        continue;
                    reads.Add(read);
                    loads.Add(load);
                    managed.Add(GC.GetTotalAllocatedBytes(precise: true) - before);
                }

                double Timed(Action work)
                {
                    if (cache == "cold")
                        foreach (var file in files)
                            Drop(file);
                    var started = Stopwatch.GetTimestamp();
                    work();
                    return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                }

                var (ours, plain) = (Statistics.Median(loads), Statistics.Median(reads));
                Console.WriteLine($"{cache}: loaded in {ours:F0} ms ({bytes / ours / 1e6:F2} GB/s), read in {plain:F0} ms ({bytes / plain / 1e6:F2} GB/s), " +
                    $"ratio {ours / plain:F2}; managed memory allocated on the way: {Statistics.Median(managed) / 1e6:F1} MB");
                (figures[$"{cache}_load_ms"], figures[$"{cache}_read_ms"], figures[$"{cache}_ratio"], figures[$"{cache}_managed_bytes"]) = (ours, plain, ours / plain, Statistics.Median(managed));
            }
            Report.PrintJson("load", figures);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The folder as Hugging Face's libraries write it: no checksums, tensors shared out in order of their names.
    static void Make(string folder)
    {
        var (vocabulary, merges) = BpeTrainer.Train([], 256, TokenizerFile.SingleDigitPattern);
        File.WriteAllText(Path.Combine(folder, "config.json"), Config.ToJson());
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), TokenizerFile.ToJson(vocabulary, merges, [], TokenizerFile.SingleDigitPattern));
        Dictionary<string, long[]> shapes;
        using (var small = new Transformer(Config))
            shapes = small.Parameters.ToDictionary(p => p.Key, p => p.Value.shape);
        var map = new Dictionary<string, string>();
        foreach (var (i, part) in shapes.Chunk((shapes.Count + Shards - 1) / Shards).Index())
        {
            var name = $"model-{i + 1:D5}-of-{Shards:D5}.safetensors";
            WriteShard(Path.Combine(folder, name), part);
            foreach (var (tensor, _) in part)
                map.Add(tensor, name);
        }
        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), JsonSerializer.Serialize(new { weight_map = map }));
    }

    static void WriteShard(string path, KeyValuePair<string, long[]>[] shapes)
    {
        var header = new Dictionary<string, object>();
        var at = 0L;
        foreach (var (name, shape) in shapes)
        {
            var end = at + 4 * shape.Aggregate(1L, (a, b) => a * b);
            header.Add(name, new { dtype = "F32", shape, data_offsets = (long[])[at, end] });
            at = end;
        }
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        using var stream = File.Create(path);
        stream.Write(BitConverter.GetBytes((long)json.Length));
        stream.Write(json);
        var random = new Random(1);
        var block = new byte[1 << 20];
        random.NextBytes(block);
        for (; at > 0; at -= block.Length)
            stream.Write(block.AsSpan(0, (int)Math.Min(at, block.Length)));
        // What is not on the disk yet cannot be dropped from the cache.
        stream.Flush(flushToDisk: true);
    }

    // What any loader has to do at least: bring the bytes into memory of its own.
    static unsafe void Read(string[] files)
    {
        foreach (var file in files)
        {
            using var handle = File.OpenHandle(file);
            var length = RandomAccess.GetLength(handle);
            var memory = (byte*)NativeMemory.Alloc((nuint)length);
            for (var at = 0L; at < length;)
                at += RandomAccess.Read(handle, new Span<byte>(memory + at, (int)Math.Min(length - at, 1 << 24)), at);
            NativeMemory.Free(memory);
        }
    }

    static void Drop(string file)
    {
        using var handle = File.OpenHandle(file);
        if (posix_fadvise((int)handle.DangerousGetHandle(), 0, 0, DropFromCache) is not 0 and var error)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"posix_fadvise failed on {file}: error {error}."));
    }

    [LibraryImport("libc")]
    private static partial int posix_fadvise(int file, long offset, long length, int advice);
}
