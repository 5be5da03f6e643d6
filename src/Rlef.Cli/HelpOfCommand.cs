using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Rlef.Cli;

/// <summary>The library's help, without the arguments of the commands above: those cannot be given together with a command below.</summary>
sealed class HelpOfCommand(HelpAction help) : SynchronousCommandLineAction
{
    public static void Apply(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpOfCommand((HelpAction)option.Action!);
    }

    public override int Invoke(ParseResult parse)
    {
        var above = Above(parse.CommandResult).SelectMany(command => command.Arguments).Where(argument => !argument.Hidden).ToList();
        above.ForEach(argument => argument.Hidden = true);
        try
        {
            return help.Invoke(parse);
        }
        finally
        {
            above.ForEach(argument => argument.Hidden = false);
        }
    }

    static IEnumerable<Command> Above(CommandResult result) => result.Parent is CommandResult parent ? [parent.Command, .. Above(parent)] : [];
}
