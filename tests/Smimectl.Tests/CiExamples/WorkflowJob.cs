using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SmimeOperator.Testing;

namespace Smimectl.Tests.CiExamples;

/// <summary>What became of a job.</summary>
/// <param name="Succeeded">Whether no step failed that had to succeed.</param>
/// <param name="Log">What the steps wrote.</param>
/// <param name="Summary">The job's summary.</param>
/// <param name="Sarif">The files that were uploaded as SARIF.</param>
internal sealed record JobResult(bool Succeeded, string Log, string Summary, IReadOnlyList<string> Sarif);

/// <summary>
/// Runs the steps of a job of a GitHub workflow as GitHub documents it: one bash for each, with the files for variables, paths and the summary. Actions are
/// stood in for by what they do here. Whatever is not known fails, so that nothing of a workflow is passed over.
/// </summary>
internal sealed partial class WorkflowJob(JsonObject workflow, string name, IReadOnlyDictionary<string, string> contexts, CiBench bench)
{
    private readonly JsonObject _job = workflow["jobs"]![name]!.AsObject();
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);
    private readonly List<string> _paths = [];
    private readonly List<string> _sarif = [];
    private readonly StringBuilder _log = new();
    private bool _failed;

    /// <summary>Whether the job's own condition lets it run.</summary>
    public bool IsWanted => _job["if"] is not { } condition || IsTrue((string)condition!);

    public async Task<JobResult> RunAsync(IReadOnlyDictionary<string, string> runner)
    {
        var summary = Path.Combine(bench.Temporary, $"{name}.summary");
        File.WriteAllText(summary, "");
        foreach (var step in _job["steps"]!.AsArray().Select(s => s!.AsObject()))
        {
            var condition = (string?)step["if"] ?? "success()";
            if (!IsTrue(condition) || (_failed && !condition.Contains("always()", StringComparison.Ordinal)))
            {
                continue;
            }

            var isGood = step["uses"] is { } action ? Use((string)action!, step) : await BashAsync(step, summary, runner);
            _failed |= !isGood && step["continue-on-error"]?.GetValue<bool>() != true;
        }

        return new JobResult(!_failed, _log.ToString(), File.ReadAllText(summary), _sarif);
    }

    private bool Use(string action, JsonObject step)
    {
        switch (action.Split('@')[0])
        {
            case "actions/checkout":
                return true;
            case "github/codeql-action/upload-sarif":
                var file = (string)step["with"]!["sarif_file"]!;
                if (bench.Has(file))
                {
                    _sarif.Add(file);
                }

                return bench.Has(file);
            default:
                throw new NotSupportedException($"Nothing stands in for {action}.");
        }
    }

    private async Task<bool> BashAsync(JsonObject step, string summary, IReadOnlyDictionary<string, string> runner)
    {
        var script = Path.Combine(bench.Temporary, "step.sh");
        var (variables, paths, outputs) = (Empty("variables"), Empty("paths"), Empty("outputs"));
        File.WriteAllText(script, Fill((string)step["run"]!));
        var stated = ((JsonObject?[])[workflow["env"]?.AsObject(), _job["env"]?.AsObject(), step["env"]?.AsObject()]).OfType<JsonObject>()
            .SelectMany(e => e).Select(e => KeyValuePair.Create(e.Key, Fill((string)e.Value!)));
        var shell = (string?)step["shell"] ?? (string?)_job["defaults"]?["run"]?["shell"] ?? (string?)workflow["defaults"]?["run"]?["shell"];
        IReadOnlyList<string> bash = shell switch
        {
            null => ["bash", "-e"],
            "bash" => ["bash", "--noprofile", "--norc", "-eo", "pipefail"],
            _ => throw new NotSupportedException($"The shell {shell} is not known here."),
        };
        var machine = bench.Machine.Select(v => v.StartsWith("PATH=", StringComparison.Ordinal) ? $"PATH={string.Join(':', _paths.Append(v["PATH=".Length..]))}" : v);
        var result = await Command.RunAsync(
            "env",
            [
                .. machine, "GITHUB_ACTIONS=true", $"GITHUB_ENV={variables}", $"GITHUB_PATH={paths}", $"GITHUB_OUTPUT={outputs}", $"GITHUB_STEP_SUMMARY={summary}",
                $"RUNNER_TEMP={bench.Temporary}", .. runner.Concat(_variables).Concat(stated).Select(v => $"{v.Key}={v.Value}"), .. bash, script,
            ],
            workingFolder: Path.Combine(bench.Repository, (string?)step["working-directory"] ?? ""));
        _log.Append(result.StandardOutput).Append(result.StandardError);
        foreach (var line in File.ReadLines(variables).Select(l => l.Split('=', 2)))
        {
            _variables[line[0]] = line[1];
        }

        _paths.InsertRange(0, File.ReadLines(paths));
        return result.ExitCode == 0;
    }

    private string Empty(string file)
    {
        var path = Path.Combine(bench.Temporary, file);
        File.WriteAllText(path, "");
        return path;
    }

    private string Fill(string text) => Expression().Replace(text, m => Value(m.Groups["expression"].Value));

    private bool IsTrue(string condition) => condition.Split("&&", StringSplitOptions.TrimEntries).All(term => term switch
    {
        "always()" => true,
        "success()" => !_failed,
        _ when term.Split("==", StringSplitOptions.TrimEntries) is [var a, var b] => Value(a) == Value(b),
        _ when term.Split("!=", StringSplitOptions.TrimEntries) is [var a, var b] => Value(a) != Value(b),
        _ => throw new NotSupportedException($"The condition {term} is not known here."),
    });

    private string Value(string expression) => Operand().Match(expression) switch
    {
        { Groups: var groups } when groups["text"].Success => groups["text"].Value,
        { Groups: var groups } when groups["file"].Success => bench.Has(groups["file"].Value) ? "a hash" : "",
        _ => contexts[expression],
    };

    [GeneratedRegex(@"\$\{\{\s*(?<expression>.*?)\s*\}\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Expression();

    [GeneratedRegex(@"\A(?:'(?<text>[^']*)'|hashFiles\('(?<file>[^']*)'\))\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Operand();
}
