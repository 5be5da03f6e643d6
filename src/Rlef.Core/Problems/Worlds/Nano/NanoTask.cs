using System.Collections.Immutable;

namespace Rlef.Problems.Nano;

/// <summary>A problem of the nano world before it is put into words: a pipeline on a list of integers, and what is meant by it.</summary>
/// <param name="Steps">Operations with their constants.</param>
/// <param name="Truth">What the tests demand.</param>
/// <param name="Hidden">The dimensions of <paramref name="Truth"/> that the statement leaves out.</param>
public sealed record NanoTask(string Id, ImmutableArray<(NanoOperation Operation, int Constant)> Steps, NanoOperation Final, NanoChoices Truth,
    Dimensions Hidden, ImmutableArray<int[]> Inputs)
{
    /// <summary>The kinds of the operations in order. A key belongs to one split only.</summary>
    public string Composition => string.Join('-', Steps.Select(s => s.Operation.Kind).Append(Final.Kind));

    /// <summary>What the policy reads.</summary>
    public string Statement
    {
        get
        {
            var layout = Hidden.HasFlag(Dimensions.Layout) ? "." : Truth.Layout switch
            {
                Layout.Spaces => " separated by spaces.",
                Layout.Lines => ", one on each line.",
                Layout.Commas => " separated by commas.",
                _ => " after their number.",
            };
            var format = Hidden.HasFlag(Dimensions.Format) ? "." : Truth.Format switch
            {
                Format.Plain => " as it is.",
                Format.Brackets => " in brackets.",
                _ => " after the word result.",
            };
            var steps = Steps.Select(s => Sentence(s.Operation, s.Constant) + ". ");
            return $"Read integers{layout} {string.Concat(steps)}{Sentence(Final, 0)}{format}";
        }
    }

    string Sentence(NanoOperation operation, int constant)
    {
        var words = operation.Words.Replace("{k}", constant.ToString());
        return operation.Other is { } other && !Hidden.HasFlag(Dimensions.Reading)
            ? $"{words} {(Truth.Second ? other.SecondClause : other.FirstClause)}"
            : words;
    }

    /// <summary>A Python program for the pipeline under any choices; the reference under <see cref="Truth"/>.</summary>
    public string Program(NanoChoices choices)
    {
        List<string> lines = choices.Layout switch
        {
            Layout.Spaces => ["a=list(map(int,input().split()))"],
            Layout.Lines => ["a=[int(x) for x in open(0)]"],
            Layout.Commas => ["a=list(map(int,input().split(',')))"],
            _ => ["n=int(input())", "a=list(map(int,input().split()))"],
        };
        lines.AddRange(Steps.Select(s => Code(s.Operation, choices).Replace("{k}", s.Constant.ToString())));
        var result = Code(Final, choices);
        lines.Add((choices.Format, Final.IsScalar) switch
        {
            (Format.Plain, false) => $"print(*{result})",
            (Format.Plain, true) => $"print({result})",
            (Format.Brackets, false) => $"print({result})",
            (Format.Brackets, true) => $"print([{result}])",
            (_, false) => $"print('result',*{result})",
            _ => $"print('result',{result})",
        });
        return string.Join('\n', lines) + "\n";
    }

    static string Code(NanoOperation operation, NanoChoices choices) => choices.Second && operation.Other is { } other ? other.Code : operation.Code;

    /// <summary>The input file for a list of numbers.</summary>
    public string InputText(int[] numbers) => Truth.Layout switch
    {
        Layout.Spaces => string.Join(' ', numbers) + "\n",
        Layout.Lines => string.Join('\n', numbers) + "\n",
        Layout.Commas => string.Join(',', numbers) + "\n",
        _ => $"{numbers.Length}\n{string.Join(' ', numbers)}\n",
    };

    /// <summary>What a program with these choices prints on the input of <paramref name="numbers"/>; null if it fails.</summary>
    public string? Output(NanoChoices choices, int[] numbers)
    {
        if (Read(choices.Layout, numbers) is not { } list)
            return null;
        foreach (var (operation, constant) in Steps)
            list = Apply(operation, choices)(list, constant)!;
        if (Apply(Final, choices)(list, 0) is not { } result)
            return null;
        return choices.Format switch
        {
            Format.Plain => string.Join(' ', result),
            Format.Brackets => $"[{string.Join(", ", result)}]",
            _ => $"result {string.Join(' ', result)}",
        } + "\n";
    }

    static Func<int[], int, int[]?> Apply(NanoOperation operation, NanoChoices choices) =>
        choices.Second && operation.Other is { } other ? other.Apply : operation.Apply;

    // What a program that expects one layout makes of the true one: the list, a part of it, or an exception.
    int[]? Read(Layout expected, int[] numbers) => (expected, Truth.Layout) switch
    {
        var (e, t) when e == t => numbers,
        (Layout.Spaces or Layout.Commas, Layout.Lines) => [numbers[0]],
        (Layout.Spaces or Layout.Commas, Layout.Counted) => [numbers.Length],
        (Layout.Counted, Layout.Lines) => [numbers[1]],
        _ => null,
    };

    /// <summary>The first input makes the public test, the others the private ones.</summary>
    public Problem ToProblem()
    {
        TestCase[] tests = [.. Inputs.Select(n => new TestCase(InputText(n), Output(Truth, n)!))];
        return new Problem
        {
            Id = Id,
            Statement = Statement,
            PublicTests = [tests[0]],
            PrivateTests = [.. tests[1..]],
            Reference = Program(Truth),
            Labels = ImmutableDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, string>
            {
                ["composition"] = Composition,
                ["difficulty"] = ((int)System.Numerics.BitOperations.PopCount((uint)Hidden)).ToString(),
                ["hidden"] = Hidden.ToString().ToLowerInvariant().Replace(", ", "+"),
            }),
        };
    }
}
