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
    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter() },
    };

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
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
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
    public static IReadOnlyList<PlayedDialogue> Read(string path) => [.. Lines(path).Skip(1).Select((line, i) => Dialogue(path, i + 2, line))];

    public void Add(PlayedDialogue dialogue) => Write(JsonSerializer.SerializeToNode(dialogue, Json)!);

    public void Dispose() => file.Dispose();

    static List<PlayedDialogue> Resume(string path, FileStream file, EvaluationRecipe recipe)
    {
        file.SetLength(EndOfLastLine(file));
        var first = Lines(path).FirstOrDefault();
        if (first is null)
        {
            file.SetLength(0);
            Write(file, recipe.ToJson());
            return [];
        }
        if (recipe.DifferencesFrom(first) is { Count: > 0 } differences)
            throw new InvalidDataException($"{path} holds dialogues of another evaluation: {string.Join(", ", differences)}. Give the same options, or name another file with --out, or remove this one.");
        var kept = Read(path);
        file.Seek(0, SeekOrigin.End);
        return [.. kept];
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

    static IEnumerable<JsonObject> Lines(string path) => JsonLines.Read<JsonObject>(path);

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
