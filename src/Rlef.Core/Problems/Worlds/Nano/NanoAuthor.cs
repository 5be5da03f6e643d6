using Rlef.Execution;
using Rlef.Randomness;

namespace Rlef.Problems.Nano;

/// <summary>
/// The imperfect programmer whose dialogues the base policy learns from: it follows what a statement says, guesses what it leaves out, slips now and
/// then, and repairs poorly.
/// </summary>
public sealed class NanoAuthor(NanoAuthor.Habits habits)
{
    /// <param name="Bug">Chance of a slip in a program.</param>
    /// <param name="Informed">Chance that a repair uses what the feedback shows.</param>
    /// <param name="Copy">Chance that a repair is the same program again; otherwise it is a fresh guess.</param>
    public sealed record Habits(double Bug = 0.12, double Informed = 0.25, double Copy = 0.65);

    /// <param name="Choices">What the program does about the dimensions.</param>
    /// <param name="HasBug">Whether it is damaged besides.</param>
    public sealed record Attempt(string Program, NanoChoices Choices, bool HasBug);

    public Attempt First(NanoTask task, ref RandomStream random) => Write(task, Guess(task, ref random), ref random);

    /// <summary>A second try after a verdict on the public test.</summary>
    public Attempt Repair(NanoTask task, Attempt previous, VerdictKind seen, ref RandomStream random)
    {
        var u = random.NextDouble();
        if (u < habits.Copy)
            return previous;
        if (u >= habits.Copy + habits.Informed)
            return First(task, ref random);
        // The failing input is always shown; the expected output only for a wrong answer, and only a program that read its input and
        // had no slip shows by its result which reading was meant.
        var choices = Guess(task, ref random) with { Layout = task.Truth.Layout };
        if (seen == VerdictKind.WrongAnswer)
        {
            choices = choices with { Format = task.Truth.Format };
            if (previous.Choices.Layout == task.Truth.Layout && !previous.HasBug)
                choices = choices with { Second = task.Truth.Second };
        }
        return new(task.Program(choices), choices, false);
    }

    static NanoChoices Guess(NanoTask task, ref RandomStream random) => new(
        task.Hidden.HasFlag(Dimensions.Layout) ? random.Pick(Enum.GetValues<Layout>()) : task.Truth.Layout,
        task.Hidden.HasFlag(Dimensions.Format) ? random.Pick(Enum.GetValues<Format>()) : task.Truth.Format,
        task.Hidden.HasFlag(Dimensions.Reading) ? random.Chance(0.5) : task.Truth.Second);

    Attempt Write(NanoTask task, NanoChoices choices, ref RandomStream random)
    {
        var program = task.Program(choices);
        return random.Chance(habits.Bug)
            ? new(Damage(program, ref random), choices, true)
            : new(program, choices, false);
    }

    // Syntax errors, unknown names, missing steps and wrong numbers, each in a random line.
    static string Damage(string program, ref RandomStream random)
    {
        var lines = program.TrimEnd('\n').Split('\n').ToList();
        var at = random.NextInt(lines.Count);
        switch (random.NextInt(4))
        {
            case 0:
                lines[at] = lines[at].Contains(')') ? lines[at].Remove(lines[at].LastIndexOf(')'), 1) : lines[at].TrimEnd(']');
                break;
            case 1:
                lines[at] = lines[at].Replace("in a", "in b").Replace("(a", "(b").Replace("*a", "*b").Replace("=a", "=b");
                break;
            case 2 when lines.Count > 2:
                lines.RemoveAt(1 + random.NextInt(lines.Count - 2));
                break;
            default:
                lines[at] = lines[at].Replace("==0", "==1").Replace("x*2", "x*3").Replace("+1", "+2").Replace("x>", "x<").Replace("a[:", "a[1:");
                break;
        }
        return string.Join('\n', lines) + "\n";
    }
}
