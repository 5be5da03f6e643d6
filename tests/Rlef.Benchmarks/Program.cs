using Rlef.Benchmarks;

switch (args.FirstOrDefault())
{
    case "sandbox":
        return await SandboxBenchmark.RunAsync();
    case "scoring":
        return await ScoringBenchmark.RunAsync(args[1..]);
    case "agreement":
        return await AgreementBenchmark.RunAsync(args[1..]);
    case "soak":
        return await SoakBenchmark.RunAsync(args[1..]);
    case "train":
        return await TrainBenchmark.RunAsync(args[1..]);
    case "prefill":
        return await PrefillBenchmark.RunAsync(args[1..]);
    case "decode":
        return await DecodeBenchmark.RunAsync(args[1..]);
    case "serve":
        return await ServeBenchmark.RunAsync(args[1..]);
    case "pack":
        return await PackBenchmark.RunAsync();
    case "load":
        return LoadBenchmark.Run();
    case "tokenizer":
        return await TokenizerBenchmark.RunAsync(args[1..]);
    default:
        Console.Error.Write(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "usage.txt")));
        return args.Length == 0 || args[0] is "-h" or "--help" ? 0 : 2;
}
