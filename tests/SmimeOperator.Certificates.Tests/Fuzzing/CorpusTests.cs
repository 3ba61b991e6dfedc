using SmimeOperator.Certificates.Fuzzing;

namespace SmimeOperator.Certificates.Tests.Fuzzing;

/// <summary>Every file of the fuzzer's corpus through every target: whatever it is, it is read or refused in the reader's own words.</summary>
public sealed class CorpusTests
{
    public static TheoryData<string> Files() =>
        new(Directory.EnumerateFiles(Corpus, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Corpus, file)).Order(StringComparer.Ordinal));

    private static string Corpus => Path.Combine(AppContext.BaseDirectory, "Corpus");

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_read_or_refused(string file)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Corpus, file));
        foreach (var target in FuzzTarget.All.Keys)
        {
            var refusal = FuzzTarget.Run(target, bytes);
            if (file.StartsWith(target + "/", StringComparison.Ordinal))
            {
                refusal.ShouldBe(Path.GetFileName(file) switch
                {
                    "many-rounds.p12" => nameof(SourceFault.LimitExceeded),
                    "empty.p12" => nameof(SourceFault.WrongPassword),
                    "ec.pem" => nameof(ConnectorKeyException),
                    _ => null,
                });
            }
        }
    }
}
