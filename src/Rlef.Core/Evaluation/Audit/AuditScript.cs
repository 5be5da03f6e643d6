namespace Rlef.Evaluation.Audit;

/// <summary>The Python programs of the audit, which travel inside this assembly.</summary>
static class AuditScript
{
    public static string Read(string name)
    {
        using var reader = new StreamReader(typeof(AuditScript).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
