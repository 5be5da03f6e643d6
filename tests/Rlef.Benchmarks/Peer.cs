using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Policy;

namespace Rlef.Benchmarks;

/// <summary>The same work in another language, in a process of its own that answers a number of threads by the milliseconds of one round.</summary>
sealed class Peer : IDisposable
{
    readonly Process process;
    JsonNode? about;

    readonly string name;

    Peer(string name, string program, IEnumerable<string> arguments)
    {
        this.name = name;
        process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"{program} does not start.");
    }

    public Contender Side => new(name, RoundAsync, (double?)about?["dispatches"]);

    /// <summary>A Python that has torch.</summary>
    public static string PythonProgram => Environment.GetEnvironmentVariable(PythonPeers.Variable) is { Length: > 0 } named ? named : "/usr/bin/python3";

    /// <summary>A model in Python.</summary>
    /// <param name="script">Serves rounds by peer_loop.py.</param>
    /// <returns>Null where the script says that this Python lacks what it needs.</returns>
    public static Peer? Python(string script, string name, Target target, ModelConfig model, string measure, params (string Name, int Value)[] sizes)
    {
        var config = JsonNode.Parse(model.ToJson())!;
        (config["measure"], config["device"], config["dtype"]) = (measure, target.DeviceName, target.DtypeName);
        foreach (var (size, value) in sizes)
            config[size] = value;
        var peer = new Peer(name, PythonProgram, [Path.Combine(AppContext.BaseDirectory, script), config.ToJsonString()]);
        peer.about = JsonNode.Parse(peer.process.StandardOutput.ReadLine() ?? throw peer.Silent());
        if (peer.about!["missing"] is null)
            return peer;
        peer.Dispose();
        return null;
    }

    /// <summary>Of one of the peer's libraries.</summary>
    public string Version(string library) => (string)about![library]!;

    /// <summary>The decode loop in plain C on the same BLAS, compiled for this machine.</summary>
    /// <exception cref="InvalidOperationException">There is no C compiler or no OpenBLAS.</exception>
    public static Peer C(ModelConfig model, int rows, int prompt, int generated)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "reference_decode");
        Prepare("cc", ["-O3", "-march=native", "-ffast-math", "-fopenmp", program + ".c", "-o", program, "-l:libopenblas.so.0", "-lm"],
            "cc could not compile the C loop. It needs gcc and OpenBLAS: apt-get install gcc libopenblas0-pthread");
        int[] numbers = [model.HiddenSize, model.IntermediateSize, model.NumHiddenLayers, model.NumAttentionHeads, model.NumKeyValueHeads, model.VocabSize,
            model.TieWordEmbeddings ? 1 : 0, rows, prompt, generated];
        return new("C", program, numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>Hugging Face's tokenizers library through its Node binding.</summary>
    /// <param name="counts">Number of tokens of each text.</param>
    public static Peer Rust(string package, string tokenizer, string texts, out int[] counts)
    {
        var peer = new Peer("Rust", "node", [Path.Combine(AppContext.BaseDirectory, "reference_tokenizer.js"), package, tokenizer, texts]);
        counts = JsonSerializer.Deserialize<int[]>(peer.process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{package} could not load {tokenizer}."))!;
        return peer;
    }

    /// <summary>Runs a tool that a peer needs to its end.</summary>
    public static void Prepare(string program, string[] arguments, string failure)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(failure);
    }

    async Task<double> RoundAsync(int threads)
    {
        await process.StandardInput.WriteLineAsync($"{threads}");
        await process.StandardInput.FlushAsync();
        var answer = await process.StandardOutput.ReadLineAsync() ?? throw Silent();
        return double.Parse(answer, CultureInfo.InvariantCulture);
    }

    InvalidOperationException Silent() =>
        new($"{name}'s side did not answer. Python's torch is installed by: apt-get install python3-torch; another Python is named by {PythonPeers.Variable}.");

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
