using System.CommandLine;

namespace Smimectl;

/// <summary>The shells that completion is written for.</summary>
internal enum Shell
{
    /// <summary>bash.</summary>
    Bash,

    /// <summary>zsh.</summary>
    Zsh,

    /// <summary>fish.</summary>
    Fish,
}

/// <summary>smimectl completion: what a shell needs to complete the command line.</summary>
internal static class CompletionCommand
{
    /// <param name="root">The whole command line; read when the command runs, when it is complete.</param>
    public static Command Create(Command root)
    {
        var shell = new Argument<Shell>("SHELL") { Description = "bash, zsh or fish.", HelpName = "bash|zsh|fish" };
        var command = new Command("completion", "Write the completion script of a shell. For bash: source <(smimectl completion bash).") { shell };
        command.SetAction(parsed =>
        {
            var tree = CommandNode.Of(root);
            parsed.InvocationConfiguration.Output.Write(parsed.GetValue(shell) switch
            {
                Shell.Zsh => ZshCompletion.Write(tree, ToolName.Executable),
                Shell.Fish => FishCompletion.Write(tree, ToolName.Executable),
                _ => BashCompletion.Write(tree, ToolName.Executable),
            });
            return ExitCodes.Done;
        });
        return command;
    }
}
