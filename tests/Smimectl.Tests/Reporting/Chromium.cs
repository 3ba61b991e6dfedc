using System.Net;
using System.Text;
using System.Text.Json;
using SmimeOperator.Testing;

namespace Smimectl.Tests.Reporting;

/// <summary>What a browser made of a page.</summary>
/// <param name="ScrollWidth">The width that the page takes; more than the window's means scrolling sideways.</param>
/// <param name="Requests">What the page fetched.</param>
/// <param name="Foreign">Elements that no report has: scripts, pictures, frames.</param>
/// <param name="Headings">The levels of the headings, in order.</param>
/// <param name="TablesWithoutCaption">Tables that have none.</param>
/// <param name="Console">What the browser wrote to its console.</param>
internal sealed record RenderedPage(int ScrollWidth, IReadOnlyList<string> Requests, int Foreign, IReadOnlyList<int> Headings, int TablesWithoutCaption, IReadOnlyList<string> Console);

/// <summary>A headless Chromium from the PATH. Without one a test is skipped, loudly.</summary>
internal static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    // A window cannot be as narrow as a phone, a frame can. The page in it is the one of the report, byte for byte, under its own policy.
    private const string Wrapper = """
        <!DOCTYPE html><html><body style="margin:0"><iframe id="page" style="width:WIDTHpx;height:2000px;border:0" srcdoc="PAGE"></iframe><pre id="found"></pre>
        <script>
        onload = () => {
          const view = document.getElementById('page').contentWindow, page = view.document;
          page.querySelectorAll('details').forEach(d => d.open = true);
          document.getElementById('found').textContent = '<<<' + JSON.stringify({
            scrollWidth: page.documentElement.scrollWidth,
            requests: view.performance.getEntriesByType('resource').map(r => r.name),
            foreign: page.querySelectorAll('script,img,iframe,object,embed,form,[onerror],[onload]').length,
            headings: [...page.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1])),
            tablesWithoutCaption: [...page.querySelectorAll('table')].filter(t => !t.caption || !t.caption.textContent).length,
          }) + '>>>';
        };
        </script></body></html>
        """;

    /// <summary>Shows a page in a window of a width, with every detail opened.</summary>
    public static async Task<RenderedPage> ShowAsync(string page, int width)
    {
        using var folder = new TemporaryFolder();
        var file = folder["wrapper.html"];
        await File.WriteAllTextAsync(file, Wrapper.Replace("WIDTH", $"{width}", StringComparison.Ordinal).Replace("PAGE", WebUtility.HtmlEncode(page), StringComparison.Ordinal), Encoding.UTF8);
        var result = (await Command.RunAsync(Program(),
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--enable-logging=stderr", $"--user-data-dir={folder["profile"]}",
            $"--window-size={Math.Max(width, 500)},1000", "--virtual-time-budget=5000", "--dump-dom", new Uri(file).AbsoluteUri,
        ])).Succeeded();
        var dom = WebUtility.HtmlDecode(result.StandardOutput[result.StandardOutput.LastIndexOf("id=\"found\"", StringComparison.Ordinal)..]);
        var start = dom.IndexOf("<<<", StringComparison.Ordinal) + 3;
        var found = JsonSerializer.Deserialize<RenderedPage>(dom[start..dom.IndexOf(">>>", start, StringComparison.Ordinal)], JsonSerializerOptions.Web)!;
        return found with { Console = [.. result.StandardError.Split('\n').Where(l => l.Contains("CONSOLE", StringComparison.Ordinal))] };
    }

    private static string Program() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).SelectMany(p => Names.Select(n => Path.Combine(p, n))).FirstOrDefault(File.Exists) ?? Names[0];
}
