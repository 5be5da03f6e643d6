using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Learning;
using Rlef.Storage;

namespace Rlef.Cli;

/// <summary>Settings of a recipe on the command line.</summary>
static class Settings
{
    /// <param name="assignments">Each <c>name=value</c>; a value is JSON, or else a text.</param>
    /// <exception cref="ArgumentException">One is no assignment, or there is no such setting; the message says which.</exception>
    public static TrainingConfig Apply(TrainingConfig config, IEnumerable<string> assignments)
    {
        foreach (var assignment in assignments)
        {
            if (assignment.Split('=', 2) is not [{ Length: > 0 } name, { Length: > 0 } text])
                throw new ArgumentException($"--set {assignment}: a setting is NAME=VALUE, such as kl.weight=0.5.");
            try
            {
                config = config.With(new JsonObject { [name] = Value(text) });
            }
            catch (JsonException e)
            {
                throw new ArgumentException($"--set {assignment}: {e.OneLine()} The settings and their names are those of any run's config.json.", e);
            }
        }
        return config;
    }

    static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
