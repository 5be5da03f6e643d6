namespace Rlef.Dialogue;

/// <summary>The fixed sentences of a dialogue (RLEF appendix A). Parts in braces are filled in.</summary>
public sealed record DialogueWording
{
    /// <summary>First user message; <c>{problem}</c> is the statement.</summary>
    public required string Prompt { get; init; }

    /// <summary>Opens a feedback message.</summary>
    public string FailedHeader { get; init; } = "Your code failed the following tests:\n";

    /// <summary>Opens the lines of one failing test; <c>{input}</c> is what it read.</summary>
    public string FailedTest { get; init; } = "- input '{input}' failed: ";

    /// <summary>The four forms of failure: wrong answer, exception, time, memory. A fifth, too much output, is our own.</summary>
    public string WrongAnswer { get; init; } = "Expected output '{expected}' but got '{observed}'\n";
    public string Exception { get; init; } = "{traceback}\n";
    public string TimeLimit { get; init; } = "Execution took too long.\n";
    public string MemoryLimit { get; init; } = "Out of memory.\n";
    public string OutputLimit { get; init; } = "Too much output.\n";

    /// <summary>Stands for the tests when a response held no code.</summary>
    public string NoCode { get; init; } = "Your answer has no Python code block.\n";

    /// <summary>Closes every feedback message.</summary>
    public required string TryAgain { get; init; }

    /// <summary>Inputs, outputs and tracebacks longer than this are cut, so that a program cannot flood the context.</summary>
    public int MaxFieldLength { get; init; } = 2000;

    /// <summary>Whether a traceback is reduced to its last line.</summary>
    public bool LastTracebackLineOnly { get; init; }

    const string Fence = "Your code should be enclosed in triple backticks like so: ```python YOUR CODE HERE ```.\n" +
        "Use the backticks for your code only.";

    /// <summary>The paper's wording for CodeContests.</summary>
    public static DialogueWording CodeContests { get; } = new()
    {
        Prompt = "Provide a Python solution for the following competitive programming question: {problem}.\n" + Fence,
        TryAgain = "Give it another try.\n" + Fence,
    };

    /// <summary>The same dialogue without the instructions that a policy of the nano world knows anyway.</summary>
    public static DialogueWording Nano { get; } = new()
    {
        Prompt = "{problem}",
        TryAgain = "Give it another try.",
        MaxFieldLength = 80,
        LastTracebackLineOnly = true,
    };

    const string WholeFunction = "Answer with the whole function in one Python code block.";

    /// <summary>For chat models and problems that ask for a function, such as MBPP's and HumanEval's: short, since small models have little room.</summary>
    public static DialogueWording Functions { get; } = new()
    {
        Prompt = "{problem}\n" + WholeFunction,
        TryAgain = "Give it another try. " + WholeFunction,
        MaxFieldLength = 300,
        LastTracebackLineOnly = true,
    };

    /// <summary>Every wording by its name.</summary>
    public static IReadOnlyDictionary<string, DialogueWording> All { get; } = new Dictionary<string, DialogueWording> { ["nano"] = Nano, ["codecontests"] = CodeContests, ["functions"] = Functions };

    /// <summary>The first user message of an episode.</summary>
    public string FirstMessage(string statement) => Prompt.Replace("{problem}", statement);
}
