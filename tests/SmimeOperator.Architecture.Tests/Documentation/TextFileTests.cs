using System.Text.RegularExpressions;
using SmimeOperator.Testing;

namespace SmimeOperator.Architecture.Tests.Documentation;

public sealed partial class TextFileTests
{
    [Fact]
    public async Task No_tracked_file_names_a_package_registry_or_somebodys_folder()
    {
        var found = new List<string>();
        foreach (var file in await TrackedFilesAsync())
        {
            var number = 0;
            foreach (var line in File.ReadLines(RepositoryRoot.Path(file)))
            {
                number++;
                if (RegistryHost().IsMatch(line) || PersonalFolder().IsMatch(line))
                {
                    found.Add($"{file}:{number}: {line.Trim()}");
                }
            }
        }

        found.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_link_between_pages_leads_somewhere()
    {
        var broken = new List<string>();
        foreach (var page in (await TrackedFilesAsync()).Where(f => f.EndsWith(".md", StringComparison.Ordinal)))
        {
            var folder = Path.GetDirectoryName(RepositoryRoot.Path(page))!;
            var links = RelativeLink().Matches(await File.ReadAllTextAsync(RepositoryRoot.Path(page), TestContext.Current.CancellationToken));
            broken.AddRange(links.Select(l => l.Groups["target"].Value).Where(l => !Path.Exists(Path.Combine(folder, l))).Select(l => $"{page}: {l}"));
        }

        broken.ShouldBeEmpty();
    }

    // Files that git keeps as they are and that are text; lock files hold hashes, in which anything may seem to stand.
    private static async Task<IEnumerable<string>> TrackedFilesAsync()
    {
        var listed = (await Command.RunAsync("git", ["ls-files", "-z", "--eol"], workingFolder: RepositoryRoot.Folder)).Succeeded();
        return listed.StandardOutput.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("i/-text", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf('\t', StringComparison.Ordinal) + 1)..])
            .Where(file => !file.EndsWith("packages.lock.json", StringComparison.Ordinal) && File.Exists(RepositoryRoot.Path(file)));
    }

    [GeneratedRegex(@"https?://[^/\s]*(nuget|npmjs|debian|pypi)[^/\s]*\.org", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RegistryHost();

    [GeneratedRegex(@"(^|[\s""'=(`:])/(home/\w+|Users/\w+|root|work)/", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PersonalFolder();

    [GeneratedRegex(@"\]\((?!https?:|mailto:|#)(?<target>[^)#\s]+)(#[^)\s]*)?\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RelativeLink();
}
