using System.CommandLine;
using Rlef.Cli;
using Rlef.Cli.Commands;

var root = new RootCommand("Rlef: reinforcement learning of code models from execution feedback.\n\nStart with:  rlef run")
{
    RunCommand.Create(),
    TrainCommand.Create(),
    SweepCommand.Create(),
    ClaimsCommand.Create(),
    ReportCommand.Create(),
    EvaluateCommand.Create(),
    JudgeCommand.Create(),
    ServeCommand.Create(),
    ExtractCommand.Create(),
    ProblemsCommand.Create(),
    PretrainCommand.Create(),
    TuneCommand.Create(),
    NotebookCommand.Create(),
    PublishCommand.Create(),
    SandboxCommand.Create(),
    ModelCommand.Create(),
    TokenizerCommand.Create(),
    DoctorCommand.Create(),
};
root.Add(ManualCommand.Create(root));
return await ErrorBoundary.InvokeAsync(root, args);
