using System.CommandLine;

namespace Smimectl;

/// <summary>How a history is written.</summary>
internal enum HistoryFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For programs.</summary>
    Json,

    /// <summary>For spreadsheets.</summary>
    Csv,
}

/// <summary>smimectl history: every certificate of one user.</summary>
internal static class HistoryCommand
{
    public static Command Create()
    {
        var user = new Argument<string>("USER") { Description = "The user: principal name (any letter case) or object id." };
        var folder = new Argument<string>("DIR") { Description = "The folder with the manifests (*.yaml). Default: this one.", DefaultValueFactory = _ => "." }.ThatExists();
        var look = new LookInput();
        var output = new Option<HistoryFormat>("--output", "-o") { Description = "text, json, or csv (one line a certificate).", HelpName = "text|json|csv" };
        var noColor = CommonOptions.NoColor();
        var command = new Command("history",
            "Show every certificate that a user has in the tenant and in git: timeline, gaps, duplicates, what devices get. Reads the tenant, and changes nothing. "
            + "Ends with 0, or with 1 if a part could not be read.")
        {
            user, folder, output, noColor,
        };
        look.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var signals = new StopSignals(cancellationToken);
            var options = await look.ReadAsync(parsed, parsed.GetRequiredValue(folder), signals.Token);
            var history = await HistoryReader.ReadAsync(parsed.GetRequiredValue(user), options, signals.Token);
            var writer = parsed.InvocationConfiguration.Output;
            Writer(parsed.GetValue(output), parsed.GetValue(noColor), writer).Write(history, writer);
            return history.Unread.Count == 0 ? 0 : 1;
        });
        return command;
    }

    private static IHistoryWriter Writer(HistoryFormat format, bool noColor, TextWriter output) => format switch
    {
        HistoryFormat.Json => new HistoryJson(),
        HistoryFormat.Csv => new HistoryCsv(),
        _ => new HistoryText(CommonOptions.IsColourful(noColor, output)),
    };
}
