using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Rlef.Problems.Formats;

/// <summary>JSON has texts for the keys of a dict: where all of them are whole numbers, a set meant numbers.</summary>
static class WholeKeys
{
    /// <summary>The JSON of such a dict, with the keys that were meant; null for every other value.</summary>
    public static string? Restored(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return null;
        List<string> pairs = [];
        foreach (var property in value.EnumerateObject())
        {
            if (!BigInteger.TryParse(property.Name, NumberStyles.Integer, CultureInfo.InvariantCulture, out var key))
                return null;
            pairs.Add($"[{key.ToString(CultureInfo.InvariantCulture)},{property.Value.GetRawText()}]");
        }
        return $"{{\"__dict__\":[{string.Join(',', pairs)}]}}";
    }
}
