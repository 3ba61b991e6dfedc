using System.CommandLine;
using System.Text;

namespace Smimectl;

/// <summary>smimectl report: a tenant at one moment, for audits.</summary>
internal static class ReportCommand
{
    private const string StandardOutput = "-";

    public static Command Create()
    {
        var folder = CommonOptions.Folder();
        var look = new LookInput();
        var html = File("--html", "Write one HTML page that needs nothing else");
        var csv = File("--csv", "Write the certificates, one line each");
        var json = File("--json", "Write everything else that is known, for programs");
        var command = new Command("report",
            "Report how S/MIME stands in a tenant: coverage, expiry, policies, differences from git, connectors, permissions. Reads the tenant, and changes nothing. "
            + "Ends with 0, or with 1 if a part could not be read.")
        {
            folder, html, csv, json,
        };
        look.AddTo(command);
        command.Validators.Add(result =>
        {
            var targets = new[] { html, csv, json }.Select(result.GetValue).OfType<string>().ToList();
            if (targets.Count == 0)
            {
                result.AddError("Name a file to write: --html FILE, --csv FILE or --json FILE; - is standard output.");
            }
            else if (targets.Distinct(StringComparer.Ordinal).Count() < targets.Count)
            {
                result.AddError("--html, --csv and --json must each name another file, and only one of them can be - (standard output).");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var signals = new StopSignals(cancellationToken);
            var report = await AuditReader.ReadAsync(await look.ReadAsync(parsed, parsed.GetRequiredValue(folder), signals.Token), signals.Token);
            var output = parsed.InvocationConfiguration.Output;
            Write(parsed.GetValue(html), writer => writer.Write(HtmlReport.Write(report)), output);
            Write(parsed.GetValue(csv), writer => AuditCsv.Write(report, writer), output);
            Write(parsed.GetValue(json), writer => AuditJson.Write(report, writer), output);
            foreach (var unread in report.Unread)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"smimectl: incomplete: {SafeText.OneLine(unread)}");
            }

            return report.Unread.Count == 0 ? 0 : 1;
        });
        return command;
    }

    private static Option<string?> File(string name, string what) => new(name) { Description = $"{what}; - is standard output. Readable by you alone: it names people.", HelpName = "FILE" };

    private static void Write(string? target, Action<TextWriter> write, TextWriter output)
    {
        if (target == StandardOutput)
        {
            write(output);
        }
        else if (target is not null)
        {
            using var text = new StringWriter();
            write(text);
            PrivateFile.Write(target, Encoding.UTF8.GetBytes(text.ToString()));
        }
    }
}
