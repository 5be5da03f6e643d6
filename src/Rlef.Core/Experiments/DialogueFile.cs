using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Rlef.Storage;

namespace Rlef.Experiments;

/// <summary>
/// The dialogues of an evaluation as they end, a line each below its recipe, so that one that was killed goes on where it was. Those that say nothing of the
/// policy, because the sandbox or a server failed, are not kept: they are played again. Not safe for use by many threads.
/// </summary>
public sealed class DialogueFile : IDisposable
{
    static readonly JsonSerializerOptions Json = new(SnakeJson.Line) { Converters = { new JsonStringEnumConverter() } };

    readonly FileStream file;

    DialogueFile(FileStream file, IReadOnlyList<PlayedDialogue> kept) => (this.file, Kept) = (file, kept);

    /// <summary>Where an evaluation keeps its dialogues.</summary>
    /// <param name="results">Where it writes its results.</param>
    public static string Beside(string results) => results + ".dialogues.jsonl";

    /// <summary>What it held when it was opened.</summary>
    public IReadOnlyList<PlayedDialogue> Kept { get; }

    /// <exception cref="InvalidDataException">It is damaged, or holds dialogues of another evaluation; the message names what differs.</exception>
    /// <exception cref="IOException">Another evaluation is writing it, for instance.</exception>
    public static DialogueFile Open(string path, EvaluationRecipe recipe)
    {
        var file = FileLock.OpenAlone(path);
        try
        {
            var kept = Resume(path, file, recipe);
            return new(file, kept);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static void Require(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: there is no such file, which 'evaluate --out' writes beside its results.");
    }

    /// <summary>The dialogues of a file.</summary>
    /// <exception cref="InvalidDataException">It is damaged; the message names file and line.</exception>
    public static IReadOnlyList<PlayedDialogue> Read(string path) => Dialogues(path, JsonLines.Read<JsonObject>(path).Skip(1));

    public void Add(PlayedDialogue dialogue) => Write(JsonSerializer.SerializeToNode(dialogue, Json)!);

    public void Dispose() => file.Dispose();

    static IReadOnlyList<PlayedDialogue> Resume(string path, FileStream file, EvaluationRecipe recipe)
    {
        file.SetLength(EndOfLastLine(file));
        file.Position = 0;
        List<JsonObject> lines = [.. JsonLines.Read<JsonObject>(path, file)];
        if (lines is [])
        {
            file.SetLength(0);
            Write(file, recipe.ToJson());
            return [];
        }
        if (recipe.DifferencesFrom(lines[0]) is { Count: > 0 } differences)
            throw new InvalidDataException($"{path} holds dialogues of another evaluation: {string.Join(", ", differences)}. " +
                "Give the same options, or name another file with --out, or remove this one.");
        file.Seek(0, SeekOrigin.End);
        return Dialogues(path, lines.Skip(1));
    }

    // What stands behind it was being written when the evaluation was killed.
    static long EndOfLastLine(FileStream file)
    {
        var end = file.Length;
        for (; end > 0; end--)
        {
            file.Position = end - 1;
            if (file.ReadByte() == '\n')
                break;
        }
        return end;
    }

    static IReadOnlyList<PlayedDialogue> Dialogues(string path, IEnumerable<JsonObject> lines) => [.. lines.Select((line, i) => Dialogue(path, i + 2, line))];

    static PlayedDialogue Dialogue(string path, int line, JsonObject json)
    {
        try
        {
            return json.Deserialize<PlayedDialogue>(Json)!;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}, line {line}: {e.InWords()}.", e);
        }
    }

    void Write(JsonNode line) => Write(file, line);

    static void Write(FileStream file, JsonNode line)
    {
        file.Write(JsonSerializer.SerializeToUtf8Bytes(line));
        file.WriteByte((byte)'\n');
        file.Flush();
    }
}
