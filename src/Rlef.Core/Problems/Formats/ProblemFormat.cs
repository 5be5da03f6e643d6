using System.Collections.Immutable;
using System.Text.Json;

namespace Rlef.Problems.Formats;

/// <summary>A public format of problems: how its records are recognised and read.</summary>
abstract class ProblemFormat
{
    /// <summary>As in <c>--format</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The fields that are read, where a set has large ones that are not: columns of a table beside these stay on the disk. Empty for all.</summary>
    public virtual ImmutableArray<string> Columns => [];

    /// <summary>The field of a record that names the problem.</summary>
    public virtual string IdField(JsonElement record) => "task_id";

    /// <summary>Whether a record of a file is of this format.</summary>
    public virtual bool Recognises(JsonElement record) => false;

    /// <exception cref="ProblemFormatException">A fault of the record.</exception>
    public virtual ProblemDraft Read(JsonRecord record) => throw record.Fault(ProblemFault.WholeLine, $"the format {Name} is made of folders, not of records.");

    /// <summary>Whether the folder is one problem of this format.</summary>
    public virtual bool Recognises(string folder) => false;

    /// <exception cref="ProblemFormatException">A fault of the folder.</exception>
    public virtual ProblemDraft Read(string folder) => throw new ProblemFormatException(folder, 1, ProblemFault.WholeFolder, $"the format {Name} is made of files, not of folders.");

    /// <summary>Whether every property of these names is there.</summary>
    protected static bool Has(JsonElement record, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (!record.TryGetProperty(name, out _))
                return false;
        return true;
    }
}
