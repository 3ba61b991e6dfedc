using System.Security.Cryptography.X509Certificates;

namespace SmimeOperator.Certificates.Tests.Suitability;

public sealed class CertificateSuitabilityTests
{
    private const string EmailProtection = "1.3.6.1.5.5.7.3.4";

    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Alice = ["alice@contoso.com", "alice@corp.contoso.com"];

    private static readonly CertificateFacts Facts = new(
        new string('a', 40), "01", "CN=Alice", Now.AddYears(-1), Now.AddYears(1), ["alice@contoso.com"], [], null, null, "RSA", 2048, "1.2.840.113549.1.1.11");

    [Theory]
    [InlineData(CertificatePurpose.Encryption)]
    [InlineData(CertificatePurpose.Signing)]
    public void A_certificate_without_restrictions_suits(CertificatePurpose purpose) => Findings(Facts, purpose).ShouldBeEmpty();

    [Theory]
    [InlineData("RSA", X509KeyUsageFlags.KeyEncipherment, true, false)]
    [InlineData("RSA", X509KeyUsageFlags.DataEncipherment, false, false)]
    [InlineData("RSA", X509KeyUsageFlags.KeyAgreement, false, false)]
    [InlineData("RSA", X509KeyUsageFlags.DigitalSignature, false, true)]
    [InlineData("RSA", X509KeyUsageFlags.NonRepudiation, false, true)]
    [InlineData("RSA", X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true, true)]
    [InlineData("ECDSA", X509KeyUsageFlags.KeyAgreement, true, false)]
    [InlineData("ECDSA", X509KeyUsageFlags.KeyEncipherment, false, false)]
    [InlineData("ECDSA", X509KeyUsageFlags.DigitalSignature, false, true)]
    [InlineData("RSA", X509KeyUsageFlags.None, false, false)]
    public void Key_usage_has_to_allow_the_purpose(string algorithm, X509KeyUsageFlags usage, bool encrypts, bool signs)
    {
        var facts = Facts with { KeyAlgorithm = algorithm, KeyUsage = usage };

        Findings(facts, CertificatePurpose.Encryption).ShouldBe(encrypts ? [] : [SuitabilityFinding.KeyUsage]);
        Findings(facts, CertificatePurpose.Signing).ShouldBe(signs ? [] : [SuitabilityFinding.KeyUsage]);
    }

    [Fact]
    public void An_extended_key_usage_has_to_hold_emailProtection()
    {
        Findings(Facts with { ExtendedKeyUsages = ["1.3.6.1.5.5.7.3.2", EmailProtection] }).ShouldBeEmpty();
        Findings(Facts with { ExtendedKeyUsages = ["2.5.29.37.0"] }).ShouldBeEmpty();
        Findings(Facts with { ExtendedKeyUsages = ["1.3.6.1.5.5.7.3.2"] }).ShouldBe([SuitabilityFinding.ExtendedKeyUsage]);
    }

    [Theory]
    [InlineData("ALICE@contoso.com", true)]
    [InlineData("SMTP:alice@contoso.com", true)]
    [InlineData("smtp:Alice@Contoso.com", true)]
    [InlineData("bob@contoso.com", false)]
    [InlineData("alice@contoso.com.example", false)]
    public void Any_address_of_the_user_is_enough(string address, bool suits)
    {
        Findings(Facts, addresses: ["someone@example.com", address]).ShouldBe(suits ? [] : [SuitabilityFinding.Identity]);
        Findings(Facts with { EmailAddresses = [], UserPrincipalNames = ["alice@contoso.com"] }, addresses: [address])
            .ShouldBe(suits ? [] : [SuitabilityFinding.Identity]);
    }

    [Fact]
    public void A_certificate_or_user_without_address_is_an_identity_finding()
    {
        Findings(Facts with { EmailAddresses = [] }).ShouldBe([SuitabilityFinding.Identity]);
        Findings(Facts, addresses: []).ShouldBe([SuitabilityFinding.Identity]);
    }

    [Fact]
    public void An_expired_certificate_still_reads_old_mail_but_signs_nothing()
    {
        var expired = Facts with { NotAfter = Now.AddSeconds(-1) };

        Findings(expired, CertificatePurpose.Encryption).ShouldBeEmpty();
        Findings(expired, CertificatePurpose.Signing).ShouldBe([SuitabilityFinding.Expired]);
        Findings(Facts with { NotBefore = Now.AddSeconds(1) }).ShouldBe([SuitabilityFinding.NotYetValid]);
    }

    [Theory]
    [InlineData("RSA", 1024, true, false)]
    [InlineData("RSA", 512, false, false)]
    [InlineData("RSA", 4096, true, true)]
    [InlineData("ECDSA", 384, true, true)]
    [InlineData("ECDSA", 224, true, false)]
    [InlineData("1.3.101.112", 0, false, false)]
    public void Keys_have_to_be_of_a_type_and_size_that_the_purpose_takes(string algorithm, int size, bool encrypts, bool signs)
    {
        var facts = Facts with { KeyAlgorithm = algorithm, KeySize = size };

        Findings(facts, CertificatePurpose.Encryption).ShouldBe(encrypts ? [] : [SuitabilityFinding.WeakKey]);
        Findings(facts, CertificatePurpose.Signing).ShouldBe(signs ? [] : [SuitabilityFinding.WeakKey]);
    }

    [Theory]
    [InlineData("1.2.840.113549.1.1.4", "MD5")]
    [InlineData("1.2.840.113549.1.1.5", "SHA-1")]
    public void A_weak_signature_is_refused_for_signing_and_warned_of_for_encryption_while_it_lasts(string algorithm, string name)
    {
        var facts = Facts with { SignatureAlgorithm = algorithm };

        Findings(facts, CertificatePurpose.Signing).ShouldBe([SuitabilityFinding.WeakSignature]);
        var warning = CertificateSuitability.Check(facts, CertificatePurpose.Encryption, Alice, Now).ShouldHaveSingleItem();
        warning.IsWarning.ShouldBeTrue();
        warning.Message.ShouldContain(name);
        warning.Message.ShouldContain("SHA-256");
        CertificateSuitability.Check(facts with { NotAfter = Now.AddDays(-1) }, CertificatePurpose.Encryption, Alice, Now).ShouldBeEmpty();
    }

    [Fact]
    public void Messages_name_the_value_and_every_finding_is_reported_at_once()
    {
        var facts = Facts with
        {
            KeyUsage = X509KeyUsageFlags.DigitalSignature,
            ExtendedKeyUsages = ["1.3.6.1.5.5.7.3.2"],
            EmailAddresses = ["bob@contoso.com"],
            NotBefore = Now.AddDays(1),
            KeySize = 512,
        };
        var text = string.Join('\n', CertificateSuitability.Check(facts, CertificatePurpose.Encryption, Alice, Now).Select(issue => issue.Message));

        text.Split('\n').Length.ShouldBe(5);
        foreach (var value in (string[])["512", "DigitalSignature", "1.3.6.1.5.5.7.3.2", "bob@contoso.com", "alice@contoso.com", "2026-06-02 12:00:00Z"])
        {
            text.ShouldContain(value);
        }
    }

    private static SuitabilityFinding[] Findings(
        CertificateFacts facts, CertificatePurpose purpose = CertificatePurpose.Encryption, string[]? addresses = null) =>
        [.. CertificateSuitability.Check(facts, purpose, addresses ?? Alice, Now).Where(issue => !issue.IsWarning).Select(issue => issue.Finding)];
}
