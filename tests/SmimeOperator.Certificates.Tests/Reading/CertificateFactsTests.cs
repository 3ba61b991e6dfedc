using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using SmimeOperator.Certificates.Tests.Material;

namespace SmimeOperator.Certificates.Tests.Reading;

/// <summary>What is read is held against what openssl reads.</summary>
public sealed class CertificateFactsTests(Pki pki)
{
    [Theory]
    [InlineData("rsa")]
    [InlineData("ec")]
    [InlineData("other")]
    public async Task Thumbprint_serial_number_and_dates_are_those_of_openssl(string leaf)
    {
        var facts = await FactsAsync(leaf);
        var lines = (await pki.TextAsync($"x509 -in {leaf}.pem -noout -fingerprint -sha1 -serial -startdate -enddate")).Split('\n')
            .Select(line => line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]).ToArray();

        facts.Thumbprint.ShouldBe(lines[0].Replace(":", "", StringComparison.Ordinal).ToLowerInvariant());
        facts.SerialNumber.ShouldBe(lines[1]);
        facts.NotBefore.ShouldBe(Time(lines[2]));
        facts.NotAfter.ShouldBe(Time(lines[3]));
        facts.NotAfter.Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Names_and_usages_are_found_wherever_they_stand()
    {
        var facts = await FactsAsync("rsa");

        facts.EmailAddresses.ShouldBe(["alice@contoso.com", "a.smith@contoso.com", "alice.old@contoso.com"]);
        facts.UserPrincipalNames.ShouldBe(["alice@corp.contoso.com"]);
        facts.KeyUsage.ShouldBe(X509KeyUsageFlags.KeyEncipherment);
        facts.ExtendedKeyUsages.ShouldBe(["1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.2"]);
        facts.KeyAlgorithm.ShouldBe("RSA");
        facts.KeySize.ShouldBe(2048);
    }

    [Fact]
    public async Task Extensions_that_are_not_there_are_told_from_empty_ones()
    {
        var facts = await FactsAsync("other");

        facts.KeyUsage.ShouldBeNull();
        facts.ExtendedKeyUsages.ShouldBeNull();
        facts.EmailAddresses.ShouldBeEmpty();
        facts.UserPrincipalNames.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_elliptic_key_that_may_only_agree_on_keys_is_read()
    {
        var facts = await FactsAsync("ec");

        facts.KeyUsage.ShouldBe(X509KeyUsageFlags.KeyAgreement);
        facts.KeyAlgorithm.ShouldBe("ECDSA");
        facts.KeySize.ShouldBe(256);
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.ParseExact(
        text, "MMM d HH:mm:ss yyyy 'GMT'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite);

    private async Task<CertificateFacts> FactsAsync(string leaf)
    {
        await pki.ReadyAsync();
        using var read = One.Pem(pki.Ssl.Read(leaf + ".pem"), pki.Ssl.Read(leaf + ".key"));
        return read.Facts;
    }
}
