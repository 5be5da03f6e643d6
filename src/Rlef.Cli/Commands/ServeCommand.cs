using System.CommandLine;
using Rlef.Policy;
using Rlef.Server;
using static TorchSharp.torch;

namespace Rlef.Cli.Commands;

/// <summary>Offers a policy to other programs.</summary>
static class ServeCommand
{
    public static Command Create()
    {
        var standard = new PolicyServerOptions();
        var policy = new Option<string>("--policy") { Description = $"Policy to offer: a {PolicyOption.Names}.", Required = true };
        var name = new Option<string?>("--name") { Description = "The model's name for clients; the name of the folder or file where none is given." };
        var common = new ServerOptionsOf<PolicyServerOptions>(standard);
        var (type, device) = (ModelCommand.Type(), DeviceOption.Create());
        var batch = new Option<int?>("--max-batch") { Description = "Responses drawn at once, each on a row that remembers a dialogue; 64, or as many as half of the memory holds." };
        var longest = new Option<int?>("--max-dialogue-tokens") { Description = "Longest prompt and response together; the model's positions, at most 8192, where none is given." };
        var choices = new Option<int>("--max-choices") { Description = "Responses in a request.", DefaultValueFactory = _ => standard.MaxChoices };
        var command = new LastingCommand("serve", "Offer a policy over HTTP to clients of OpenAI's API: chat and text completions, streamed or whole. docs/serving.md has what is offered. " +
            $"{ApiKey.Variable} holds the key that clients must show. Ctrl+C, or SIGTERM, finishes what is under way and ends.\n\nExample:  rlef serve --policy runs/mine/policy")
        {
            GraceSeconds = common.GraceSeconds,
            Options = { policy, name, common.Host, common.Port, type, device, batch, longest, common.MaxRequestMb, common.MaxRequests, choices, common.MaxSeconds, common.GraceSeconds },
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var path = parse.GetValue(policy)!;
            var options = common.Read(parse, new() { MaxChoices = parse.GetValue(choices) });
            using var checkpoint = PolicyCheckpoint.Load(await PolicyOption.FindAsync(path, cancellation), Devices.Find(parse.GetValue(device)), parse.GetChoice<ScalarType>(type));
            var plan = DecoderPlan.For(checkpoint.Model, parse.GetValue(batch), parse.GetValue(longest));
            using var decoder = Decoders.Create(checkpoint.Model, plan.Rows, plan.MaxLength);
            var model = parse.GetValue(name) ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
            await using var server = await PolicyServer.StartAsync(model, checkpoint.Files, decoder, options, cancellation);
            Console.WriteLine($"The policy listens at {server.Address}v1 as {model} ({plan.Rows} dialogues of {plan.MaxLength} tokens at once; {(options.Key is null ? "no key" : "with a key")}).");
            await LastingCommand.InterruptedAsync(cancellation);
            return 0;
        });
        return command;
    }
}
