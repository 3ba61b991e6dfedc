using System.CommandLine;

namespace Smimectl;

/// <summary>smimectl export: a tenant's S/MIME setup as manifests.</summary>
internal static class ExportCommand
{
    private const string Stream = "-";

    public static Command Create()
    {
        var folder = CommonOptions.Folder();
        var with = CommonOptions.With();
        var tenant = CommonOptions.TenantName();
        var endpoint = CommonOptions.TenantEndpoint();
        var cluster = CommonOptions.ClusterId();
        var target = new Option<string>("--to") { Description = "The folder that the manifests are written to, or - for the terminal.", HelpName = "OUT", Required = true };
        var force = new Option<bool>("--force") { Description = "Overwrite files that are there." };
        var command = new Command("export",
            "Write what a tenant holds for S/MIME as manifests that take it over as it is: a plan of them is empty. DIR states the Tenant. Reads the tenant, and changes nothing.")
        {
            folder, with, tenant, endpoint, cluster, target, force,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var signals = new StopSignals(cancellationToken);
            var choice = new TenantChoice(parsed.GetRequiredValue(folder), parsed.GetValue(tenant), parsed.GetValue(endpoint), parsed.GetValue(cluster)) { With = parsed.GetValue(with)! };
            await using var view = await TenantView.OpenAsync(choice, TimeProvider.System, signals.Token);
            var result = await new Exporter(view, TimeProvider.System).RunAsync(signals.Token);
            var place = parsed.GetRequiredValue(target);
            var output = parsed.InvocationConfiguration.Output;
            if (place == Stream)
            {
                await output.WriteAsync(string.Join("---\n", result.Files.Select(f => f.Text)));
            }
            else
            {
                Write(result.Files, place, parsed.GetValue(force));
            }

            // The manifests alone may go through a pipe.
            ExportSummary.Write(result, place, place == Stream ? parsed.InvocationConfiguration.Error : output);
            return 0;
        });
        return command;
    }

    /// <exception cref="IOException">A file is there already.</exception>
    private static void Write(IReadOnlyList<ExportFile> files, string folder, bool force)
    {
        Directory.CreateDirectory(folder);
        var taken = force ? null : files.Select(f => Path.Combine(folder, f.Name)).FirstOrDefault(File.Exists);
        if (taken is not null)
        {
            throw new IOException($"{taken} is there already; nothing was written. Choose another folder, or overwrite with --force");
        }

        foreach (var file in files)
        {
            File.WriteAllText(Path.Combine(folder, file.Name), file.Text);
        }
    }
}
