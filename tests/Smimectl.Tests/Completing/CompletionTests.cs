using System.Text;
using System.Text.RegularExpressions;
using SmimeOperator.Testing;

namespace Smimectl.Tests.Completing;

public sealed partial class CompletionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CompletionTests()
    {
        Directory.CreateDirectory(_folder["manifests"]);
        File.WriteAllText(_folder["mail.p12"], "");
    }

    public void Dispose() => _folder.Dispose();

    // Words in front of the cursor, the last one unfinished, and what the shell has to offer for it.
    public static TheoryData<string[], string[]> Lines => new()
    {
        { ["pl"], ["plan"] },
        { ["cert", "in"], ["inspect"] },
        { ["cert", "inspect", "--password-"], ["--password-env", "--password-file"] },
        { ["cert", "inspect", "--purpose", ""], ["SmimeEncryption", "SmimeSigning"] },
        { ["plan", "-o", "m"], ["markdown"] },
        { ["plan", "man"], ["manifests"] },
        { ["cert", "inspect", "ma"], ["mail.p12", "manifests"] },
        { ["completion", "z"], ["zsh"] },
    };

    [Theory, MemberData(nameof(Lines))]
    public async Task Bash_offers_what_fits(string[] words, string[] offered)
    {
        await WriteAsync("bash");

        var shown = await RunAsync("bash", ["--norc", "--noprofile", "-c", """
            source ./script; COMP_WORDS=(smimectl "$@"); COMP_CWORD=$#
            registered=$(complete -p smimectl); registered=${registered#*-F }; ${registered%% *}; printf '%s\n' "${COMPREPLY[@]}"
            """, "bash", .. words]);

        Words(shown).ShouldBe(offered, ignoreOrder: true);
    }

    [Fact]
    public async Task Fish_offers_what_fits()
    {
        await WriteAsync("fish");
        foreach (var (words, offered) in Lines.Select(l => l.Data))
        {
            var shown = await RunAsync("fish", ["--no-config", "-c", "source ./script; complete -C \"$argv\"", string.Join(' ', words.Prepend("smimectl"))]);

            Words(shown).Select(w => w.Split('\t')[0].TrimEnd('/')).Distinct().ShouldBe(offered, ignoreOrder: true, string.Join(' ', words));
        }
    }

    [Fact]
    public async Task Zsh_offers_what_fits()
    {
        await WriteAsync("zsh");
        foreach (var (words, offered) in Lines.Select(l => l.Data))
        {
            Words(await AskZshAsync(words)).Where(w => w.StartsWith("OFFER:", StringComparison.Ordinal)).Select(w => w["OFFER:".Length..].TrimEnd('/')).Distinct()
                .ShouldBe(offered, ignoreOrder: true, string.Join(' ', words));
        }
    }

    private async Task<string> AskZshAsync(string[] words)
    {
        // What zsh would show stands on a terminal only, so its own test module makes one.
        File.WriteAllText(_folder["ask"], $$"""
            zmodload zsh/zpty
            zpty shell zsh -f -i
            say() { zpty -w shell "$1"; }
            say 'PS1= RPS1=; unsetopt zle_bracketed_paste; bindkey "^I" complete-word; autoload -Uz compinit; compinit -u -d ./dump; source ./script'
            say 'zstyle ":completion:*" list-colors ""; LISTMAX=10000; stty cols 200 rows 100'
            say 'compadd() { local -a hits; builtin compadd -O hits "$@"; print -r -l -- ${hits:+OFFER:}$^hits >> ./offers; builtin compadd "$@" }'
            say 'finished() { print -r -- DO""NE }; zle -N finished; bindkey "^G" finished'
            say 'echo RE""ADY'
            while zpty -r shell line; do [[ $line == *READY* ]] && break; done
            zpty -n -w shell $'smimectl {{string.Join(' ', words)}}\t\C-g'
            while zpty -r shell line; do [[ $line == *DONE* ]] && break; done
            cat ./offers
            """);

        File.Delete(_folder["offers"]);
        return await RunAsync("zsh", ["-f", "./ask"]);
    }

    [Fact]
    public async Task The_man_page_is_rendered_without_a_warning()
    {
        var page = await SmimectlAsync("man");

        var rendered = await Command.RunAsync("groff", ["-man", "-Tutf8", "-ww"], Encoding.UTF8.GetBytes(page));

        rendered.Succeeded().StandardError.ShouldBeEmpty();
        // Bold letters are typed twice, as on a typewriter.
        var text = TypedTwice().Replace(rendered.StandardOutput, "");
        text.ShouldContain("EXIT STATUS");
        text.ShouldContain("smimectl plan DIR [options]");
    }

    private async Task WriteAsync(string shell) => await File.WriteAllTextAsync(_folder["script"], await SmimectlAsync("completion", shell));

    private static async Task<string> SmimectlAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        (await CommandLine.RunAsync(arguments, output, TextWriter.Null, TestContext.Current.CancellationToken)).ShouldBe(0);
        return output.ToString();
    }

    private async Task<string> RunAsync(string shell, IEnumerable<string> arguments) => (await Command.RunAsync(shell, arguments, workingFolder: _folder.Path)).StandardOutput;

    private static IEnumerable<string> Words(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [GeneratedRegex(".\\x08", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TypedTwice();
}
