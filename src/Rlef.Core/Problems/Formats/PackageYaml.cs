using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Rlef.Problems.Formats;

/// <summary>The settings of a problem package's YAML file: nested keys joined by dots, the items of a list with blanks between. What is null is left out.</summary>
static class PackageYaml
{
    // Aliases may stand for each other, over and over.
    const int Most = 10_000;

    /// <exception cref="ProblemFormatException">The file is no YAML, or holds something else than settings.</exception>
    public static Dictionary<string, string> Read(string path)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var (stream, seen) = (new YamlStream(), 0);
        try
        {
            using var reader = File.OpenText(path);
            stream.Load(reader);
        }
        catch (YamlException e)
        {
            throw new ProblemFormatException(path, (int)e.Start.Line, ProblemFault.WholeFile, $"not YAML: {e.InnerException?.Message ?? e.Message}");
        }
        if (stream.Documents.Count > 1)
            throw new ProblemFormatException(path, 1, ProblemFault.WholeFile, "it holds several documents, of which one is expected.");
        if (stream.Documents.Count == 1)
            Add(stream.Documents[0].RootNode as YamlMappingNode ?? throw new ProblemFormatException(path, 1, ProblemFault.WholeFile, "keys and values are expected."), "");
        return values;

        void Add(YamlMappingNode mapping, string within)
        {
            foreach (var (name, value) in mapping.Children)
            {
                if (++seen > Most || within.Length > Most)
                    throw new ProblemFormatException(path, (int)name.Start.Line, ProblemFault.WholeFile, $"more than {Most:N0} settings.");
                var key = within + ((name as YamlScalarNode)?.Value ?? throw new ProblemFormatException(path, (int)name.Start.Line, within.TrimEnd('.'), "a key is a text."));
                if (value is YamlMappingNode inner)
                    Add(inner, key + ".");
                else if (value is YamlSequenceNode list)
                    values[key] = string.Join(' ', list.Children.OfType<YamlScalarNode>().Select(item => item.Value));
                else if (value is YamlScalarNode { Value: { } text } scalar && !(scalar.Style == ScalarStyle.Plain && text is "" or "~" or "null"))
                    values[key] = text;
            }
        }
    }
}
