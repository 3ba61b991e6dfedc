using System.CommandLine;

namespace Smimectl;

/// <summary>The forms of the reference of all commands.</summary>
internal enum ManualFormat
{
    /// <summary>A man page.</summary>
    Roff,

    /// <summary>For docs/reference.</summary>
    Markdown,
}

/// <summary>smimectl man: the reference of all commands.</summary>
internal static class ManCommand
{
    /// <param name="root">The whole command line; read when the command runs, when it is complete.</param>
    public static Command Create(Command root)
    {
        var format = new Option<ManualFormat>("--format") { Description = "roff, which man reads, or markdown.", HelpName = "roff|markdown" };
        var command = new Command("man", "Write the man page. To read it: smimectl man | man -l -.") { format };
        command.SetAction(parsed =>
        {
            var tree = CommandNode.Of(root);
            parsed.InvocationConfiguration.Output.Write(parsed.GetValue(format) == ManualFormat.Markdown
                ? MarkdownPage.Write(tree)
                : ManPage.Write(tree, typeof(ManCommand).Assembly.GetName().Version!.ToString(3)));
            return ExitCodes.Done;
        });
        return command;
    }
}
