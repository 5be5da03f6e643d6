using System.Text.Json;
using Rlef.Problems;

namespace Rlef.Goldens;

/// <summary>A program and what another harness said about it.</summary>
/// <param name="Row">Where it stands.</param>
/// <param name="Program">Source; null where a response has none.</param>
/// <param name="Accepted">Whether the other accepts it.</param>
sealed record GoldenProgram(JsonElement Row, string Name, string? Program, Problem Problem, bool Accepted);
