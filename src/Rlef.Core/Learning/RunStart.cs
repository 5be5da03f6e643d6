using System.Text.Json;
using System.Text.Json.Nodes;
using Rlef.Storage;

namespace Rlef.Learning;

/// <summary>A line of <c>environments.jsonl</c>: a run that was interrupted may go on with another revision, or on another machine.</summary>
/// <param name="Update">The first update that was computed so, counted from 0.</param>
/// <param name="Environment">A <see cref="RunEnvironment"/>, of whichever version wrote it.</param>
public sealed record RunStart(int Update, JsonObject Environment)
{
    /// <summary>The line for a start.</summary>
    public static RunStart Of(int update, RunEnvironment environment) => new(update, JsonSerializer.SerializeToNode(environment, SnakeJson.Line)!.AsObject());
}
