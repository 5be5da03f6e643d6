using System.Text.Json;

namespace Rlef.Goldens.Numbers;

/// <summary>A row's inputs, settings and outputs. NaN and infinities are strings.</summary>
sealed class NumberRow(JsonElement row)
{
    public JsonElement Row => row;

    public string Name { get; } = row.GetProperty("name").GetString()!;

    public string Function { get; } = row.GetProperty("function").GetString()!;

    public JsonElement Inputs { get; } = row.GetProperty("inputs");

    public JsonElement Settings { get; } = row.GetProperty("settings");

    public JsonElement Outputs { get; } = row.GetProperty("outputs");

    /// <summary>Whether the other raises an error.</summary>
    public bool Raises => Outputs.TryGetProperty("error", out _);

    public double Number(string setting) => Number(Settings.GetProperty(setting));

    public double? NumberOrNull(string setting) => Settings.TryGetProperty(setting, out var value) && value.ValueKind != JsonValueKind.Null ? Number(value) : null;

    public bool Flag(string setting) => Settings.TryGetProperty(setting, out var value) && value.ValueKind == JsonValueKind.True;

    public string Text(string setting) => Settings.GetProperty(setting).ToString();

    public bool Has(string input) => Inputs.TryGetProperty(input, out _);

    public double[] Vector(string input) => Vector(Inputs.GetProperty(input));

    public double[][] Matrix(string input) => Matrix(Inputs.GetProperty(input));

    public double[][][] Cube(string input) => Cube(Inputs.GetProperty(input));

    public double Output(string name) => Number(Outputs.GetProperty(name));

    public double[] OutputVector(string name) => Vector(Outputs.GetProperty(name));

    public double[][] OutputMatrix(string name) => Matrix(Outputs.GetProperty(name));

    public static double Number(JsonElement value) => value.ValueKind != JsonValueKind.String ? value.GetDouble() : value.GetString() switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        var other => throw new InvalidDataException($"'{other}' is no number."),
    };

    public static double[] Vector(JsonElement list) => [.. list.EnumerateArray().Select(Number)];

    public static double[][] Matrix(JsonElement list) => [.. list.EnumerateArray().Select(Vector)];

    public static double[][][] Cube(JsonElement list) => [.. list.EnumerateArray().Select(Matrix)];
}
