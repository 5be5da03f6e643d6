using System.CommandLine;

namespace Rlef.Cli;

/// <summary>Options that name a member of an enumeration, in small letters, in their default too.</summary>
static class ChoiceOption
{
    /// <param name="names">Those that may be given; the first is the default.</param>
    public static Option<string> Create(string name, string description, params string[] names)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => names[0] };
        option.AcceptOnlyFromAmong(names);
        return option;
    }

    public static T GetChoice<T>(this ParseResult parse, Option<string> option) where T : struct, Enum => Enum.Parse<T>(parse.GetValue(option)!, ignoreCase: true);
}
