using System.Runtime.InteropServices;
using System.Text;
using LLama;
using LLama.Common;
using LLama.Native;

namespace Rlef.Core.Tests.Policy;

/// <summary>llama.cpp itself with a GGUF file, on one thread, since several wait for one another in busy loops; its keys and values in 32 bits.</summary>
sealed class LlamaCpp : IDisposable
{
    static readonly Lock Once = new();
    static bool quiet;

    readonly LLamaWeights weights;
    readonly LLamaContext context;

    public LlamaCpp(string path)
    {
        Require();
        var settings = new ModelParams(path)
        {
            ContextSize = 512, BatchSize = 512, Threads = 1, BatchThreads = 1, GpuLayerCount = 0, FlashAttention = false, TypeK = GGMLType.GGML_TYPE_F32, TypeV = GGMLType.GGML_TYPE_F32,
        };
        weights = LLamaWeights.LoadFromFile(settings);
        context = weights.CreateContext(settings);
    }

    public static void Require()
    {
        Assert.SkipUnless(NativeLibrary.TryLoad("libgomp.so.1", out _), "llama.cpp's library needs libgomp.so.1: apt-get install libgomp1.");
        lock (Once)
        {
            if (!quiet)
                NativeLibraryConfig.All.WithLogCallback((_, _) => { });
            quiet = true;
            // Finds the library, which the quantizer by itself does not.
            NativeApi.llama_empty_call();
        }
    }

    /// <summary>Writes a file in another type.</summary>
    public static void Quantize(string source, string target, LLamaFtype type)
    {
        Require();
        Assert.True(LLamaQuantizer.Quantize(source, target, type, 2, allowRequantize: true, quantizeOutputTensor: true));
    }

    public int[] Tokenize(string text, bool addSpecial = false) => [.. weights.Tokenize(text, addSpecial, true, Encoding.UTF8).Select(t => (int)t)];

    /// <summary>Logits after each token: [tokens][vocabulary].</summary>
    public float[][] Logits(int[] ids)
    {
        context.NativeHandle.MemoryClear(true);
        return Decode(ids, 0, all: true);
    }

    /// <summary>The likeliest continuation, up to a token that is not returned.</summary>
    public List<int> Continue(int[] prompt, int count, int end)
    {
        context.NativeHandle.MemoryClear(true);
        List<int> said = [];
        var logits = Decode(prompt, 0, all: false)[0];
        while (said.Count < count && Array.IndexOf(logits, logits.Max()) is var token && token != end)
        {
            said.Add(token);
            logits = Decode([token], prompt.Length + said.Count - 1, all: false)[0];
        }
        return said;
    }

    float[][] Decode(int[] ids, int position, bool all)
    {
        var batch = new LLamaBatch();
        for (var i = 0; i < ids.Length; i++)
            batch.Add(ids[i], position + i, (LLamaSeqId)0, all || i == ids.Length - 1);
        Assert.Equal(DecodeResult.Ok, context.Decode(batch));
        return [.. Enumerable.Range(all ? 0 : ids.Length - 1, all ? ids.Length : 1).Select(i => context.NativeHandle.GetLogitsIth(i).ToArray())];
    }

    public void Dispose()
    {
        context.Dispose();
        weights.Dispose();
    }
}
