using System.Text;

namespace Rlef.Notebooks.Engine;

/// <summary>The process's console, except for text written inside a cell, which goes to that cell.</summary>
internal sealed class ConsoleRouter(string name, TextWriter outside) : TextWriter
{
    private static readonly Lock Installing = new();
    private static bool s_installed;

    public override Encoding Encoding => Encoding.UTF8;

    public static void Install()
    {
        lock (Installing)
        {
            if (s_installed) return;
            Console.SetOut(Synchronized(new ConsoleRouter("stdout", Console.Out)));
            Console.SetError(Synchronized(new ConsoleRouter("stderr", Console.Error)));
            s_installed = true;
        }
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(string? value)
    {
        if (string.IsNullOrEmpty(value)) return;
        if (CellScope.Current is { } scope) scope.Emit(new CellEvent.Stream(name, value));
        else outside.Write(value);
    }

    public override void WriteLine(string? value) => Write(value + "\n");

    public override void WriteLine() => Write("\n");

    public override void Flush()
    {
        if (CellScope.Current is null) outside.Flush();
    }
}
