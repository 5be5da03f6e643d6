using System.Globalization;
using Rlef.Policy;
using TorchSharp;
using static TorchSharp.torch;

namespace Rlef.Benchmarks;

/// <summary>What is measured: models, and where and in which type they compute.</summary>
/// <param name="Rows">Sequences that are decoded at a time.</param>
/// <param name="Peak">Floating-point operations a second that the device's data sheet promises; null to take what is measured.</param>
sealed record Target(IReadOnlyList<MeasuredModel> Models, Device Device, ScalarType Dtype, int Rows, double? Peak)
{
    public bool IsCuda => Device.type == DeviceType.CUDA;

    /// <summary>As the peers name them.</summary>
    public string DeviceName => IsCuda ? Device.ToString() : "cpu";
    public string DtypeName => NameOf(Dtype);

    /// <summary>Bytes of a weight, and of each number in a key-value cache.</summary>
    public int ElementSize => Dtype == ScalarType.BFloat16 ? 2 : 4;

    /// <summary>Most threads a side may try: on a GPU there is nothing to share out.</summary>
    public int MaxThreads => IsCuda ? 1 : Cores.Count;

    /// <summary>For the report's last line.</summary>
    public IEnumerable<(string, string)> Names => [("device", DeviceName), ("dtype", DtypeName)];

    public override string ToString() => $"{DeviceName} in {DtypeName}";

    /// <summary>Whether a round of this model takes moments: on a GPU, or if it is small.</summary>
    public bool IsQuick(ModelConfig model) => IsCuda || model.NumHiddenLayers < 12;

    /// <summary>Timed rounds of a comparison.</summary>
    public int RoundsOf(ModelConfig model) => IsQuick(model) ? 7 : 3;

    public Transformer Create(MeasuredModel model) => model.Create(Device, Dtype);

    /// <param name="args">
    /// Names of models or paths of GGUF files, <c>--device cpu|cuda|cuda:N</c>, <c>--dtype float32|bfloat16</c>, <c>--peak TFLOPS</c>, <c>--rows N</c>, in any order.
    /// </param>
    /// <exception cref="ArgumentException">An option or name is none of these.</exception>
    public static Target Parse(string[] args)
    {
        List<string> names = [];
        string? device = null, dtype = null, peak = null, rows = null;
        for (var i = 0; i < args.Length; i++)
        {
            string Value() => ++i < args.Length ? args[i] : throw new ArgumentException($"{args[i - 1]} needs a value.");
            switch (args[i])
            {
                case "--device": device = Value(); break;
                case "--dtype": dtype = Value(); break;
                case "--peak": peak = Value(); break;
                case "--rows": rows = Value(); break;
                default: names.Add(args[i]); break;
            }
        }
        var found = Devices.Find(device);
        var cuda = found.type == DeviceType.CUDA;
        var type = (dtype ?? (cuda ? "bfloat16" : "float32")) switch
        {
            "float32" => ScalarType.Float32,
            "bfloat16" => ScalarType.BFloat16,
            var other => throw new ArgumentException($"There is no type '{other}' to measure; take float32 or bfloat16."),
        };
        return new([.. ReferenceModels.Select(names.Count == 0 && cuda ? ["qwen05b"] : [.. names])], found, type,
            rows is null ? cuda ? 256 : 64 : int.Parse(rows, CultureInfo.InvariantCulture), peak is null ? null : double.Parse(peak, CultureInfo.InvariantCulture) * 1e12);
    }

    /// <summary>The most that the device can do, in this type.</summary>
    public Roof Roof()
    {
        var size = IsCuda ? 8192 : 2048;
        var products = new[] { ScalarType.Float32, ScalarType.BFloat16 }.ToDictionary(NameOf, type => DeviceRoof.FlopsPerSecond(Device, type, size));
        var roof = new Roof(Peak ?? (IsCuda ? products[DtypeName] : Machine.FlopsPerSecond), IsCuda ? DeviceRoof.BytesPerSecond(Device) : Machine.BytesPerSecond, products);
        Console.WriteLine(roof);
        return roof;
    }

    static string NameOf(ScalarType type) => type == ScalarType.BFloat16 ? "bfloat16" : "float32";
}
