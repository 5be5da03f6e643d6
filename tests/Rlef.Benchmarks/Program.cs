using Rlef.Benchmarks;

switch (args.FirstOrDefault())
{
    case "sandbox":
        return await SandboxBenchmark.RunAsync();
    case "scoring":
        return await ScoringBenchmark.RunAsync(args[1..]);
    case "soak":
        return await SoakBenchmark.RunAsync(args[1..]);
    case "train":
        return await TrainBenchmark.RunAsync(args[1..]);
    case "prefill":
        return await PrefillBenchmark.RunAsync(args[1..]);
    case "decode":
        return await DecodeBenchmark.RunAsync(args[1..]);
    case "pack":
        return await PackBenchmark.RunAsync();
    case "load":
        return LoadBenchmark.Run();
    case "tokenizer":
        return await TokenizerBenchmark.RunAsync(args[1..]);
    default:
        Console.Error.WriteLine("""
            rlef bench NAME measures, and ends with one JSON line; train, prefill and decode take models: nano, small (both by default),
            large or qwen05b (the default on a GPU), --device cpu|cuda|cuda:N, --dtype float32|bfloat16 and --peak TFLOPS of the device's data sheet, and set transformers beside them where the Python that RLEF_BENCH_PYTHON names has it.
              sandbox   tests a second: a fresh interpreter a test, a fork a test, a fork a program, in both sandboxes, and a container a test;
                        samples a second of HumanEval beside a harness that starts a process a check
              scoring   the last of these alone; --samples FILE takes the samples of a model instead of variants of the references
              soak      very many programs with known verdicts, hostile ones among them: what is lost, misjudged or leaks (--programs, --sandbox)
              train     a training step beside Python's torch, same model, batch and library
              prefill   prompt tokens a second beside Python's torch
              decode    generated tokens a second beside an eager loop with a cache in Python's torch, and beside a plain C loop on the same BLAS
              pack      the learner's packed sequences beside rows with padding
              load      a policy folder of a gigabyte beside plain reading of its files, warm and cold
              tokenizer encoded text a second beside Hugging Face's tokenizers library; folders with a tokenizer.json may follow
            """);
        return args.Length == 0 || args[0] is "-h" or "--help" ? 0 : 2;
}
