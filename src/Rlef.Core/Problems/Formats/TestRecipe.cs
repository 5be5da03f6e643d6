namespace Rlef.Problems.Formats;

/// <summary>
/// How tests are made where a set gives a reference and code instead of inputs and outputs: a trusted Python program with
/// <c>record(spec)</c> runs in the sandbox and gives <c>[number of public tests, slowest call in seconds, [[input, output], …], whether equality decides, what
/// the statement ends with]</c> (the last two may be missing: no, and nothing), or a text that tells a fault. Where equality decides, the problem needs no checker.
/// </summary>
/// <param name="Program">Python source.</param>
/// <param name="Spec">JSON argument of <c>record</c>.</param>
/// <param name="Seconds">Of processor time that it is given: some rows never end.</param>
sealed record TestRecipe(string Program, string Spec, int Seconds = 60)
{
    const string Main = """


        import io, json, sys
        out, sys.stdout = sys.stdout, io.StringIO()
        out.write(json.dumps(record(SPEC)))
        """;

    /// <summary>A program that writes the result of <c>record</c>, as JSON, to its standard output.</summary>
    public string Script => FormatScripts.With(Program, ("SPEC", Spec)) + Main;
}
