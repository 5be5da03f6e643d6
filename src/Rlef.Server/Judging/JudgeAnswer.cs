namespace Rlef.Server;

/// <summary>One result for each program, in order.</summary>
sealed record JudgeAnswer(IReadOnlyList<ProgramResult> Results);

/// <param name="Verdict">Of all tests together, as in a <see cref="TestResult"/>; <c>no_program</c> for a response without one.</param>
/// <param name="Total">Tests asked for, also those that were not run.</param>
/// <param name="Feedback">What a dialogue says next, of public tests only; null where they are accepted or the sandbox failed.</param>
/// <param name="Tests">Of the tests that were run.</param>
sealed record ProgramResult(string Verdict, bool Accepted, int Passed, int Total, string? Feedback, IReadOnlyList<TestResult> Tests);

/// <param name="Test">List and place, such as <c>public_tests[0]</c>.</param>
sealed record TestResult(string Test, string Verdict, double CpuSeconds, TestError? Error);

/// <param name="Message">The exception's text, cut where it is long.</param>
/// <param name="Line">Of the program, from 1.</param>
sealed record TestError(string Type, string Message, int? Line);
