using System.CommandLine;
using Rlef.Dialogue;

namespace Rlef.Cli;

/// <summary>The option that chooses the fixed sentences of dialogues.</summary>
static class WordingOption
{
    public static Option<string> Create(string standard = "nano") => ChoiceOption.Create("--wording",
        "How problems and feedback are put: nano (the bare statement), or for chat models codecontests (with RLEF's instructions) or functions (short, for problems that ask for a function).",
        standard, DialogueWording.All.Keys);
}
