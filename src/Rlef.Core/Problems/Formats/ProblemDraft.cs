namespace Rlef.Problems.Formats;

/// <summary>A problem as its set states it. Where <paramref name="Recipe"/> is given, its tests have still to be made.</summary>
sealed record ProblemDraft(string File, int Line, Problem Problem, TestRecipe? Recipe = null);
