using System.Formats.Asn1;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;
using SmimeOperator.Certificates.Tests.Material;

namespace SmimeOperator.Certificates.Tests.Reading;

/// <summary>Two thousand million rounds that show only when something else was decrypted: whoever made them would wait for an hour.</summary>
public sealed class NestedRoundsTests
{
    private const string Rc2 = "1.2.840.113549.1.12.1.6";
    private const string TripleDes = "1.2.840.113549.1.12.1.3";
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly byte[] Salt = [1, 2, 3, 4, 5, 6, 7, 8];

    [Theory]
    [InlineData(Rc2)]
    [InlineData(TripleDes)]
    public void Rounds_within_what_RC2_encrypts_are_counted_before_they_are_made(string inner)
    {
        var pfx = File(inner);

        Should.Throw<CertificateSourceException>(() => One.Pkcs12(pfx, Pki.Password).Dispose()).Fault.ShouldBe(SourceFault.LimitExceeded);
        Should.Throw<CertificateSourceException>(() => { Pkcs12Simplifier.Rewrite(pfx, Pki.Password); }).Fault.ShouldBe(SourceFault.LimitExceeded);
    }

    private static byte[] File(string inner)
    {
        var bags = Sequence(w =>
        {
            using (w.PushSequence())
            {
                w.WriteObjectIdentifier("1.2.840.113549.1.12.10.1.2");
                using (w.PushSequence(Context0))
                {
                    using (w.PushSequence())
                    {
                        WriteAlgorithm(w, inner, int.MaxValue);
                        w.WriteOctetString(new byte[64]);
                    }
                }
            }
        });
        var safe = Sequence(w =>
        {
            using (w.PushSequence())
            {
                w.WriteObjectIdentifier("1.2.840.113549.1.7.6");
                using (w.PushSequence(Context0))
                using (w.PushSequence())
                {
                    w.WriteInteger(0);
                    using (w.PushSequence())
                    {
                        w.WriteObjectIdentifier("1.2.840.113549.1.7.1");
                        WriteAlgorithm(w, Rc2, 1000);
                        w.WriteOctetString(Encrypt(bags), Context0);
                    }
                }
            }
        });
        return Sequence(w =>
        {
            w.WriteInteger(3);
            using (w.PushSequence())
            {
                w.WriteObjectIdentifier("1.2.840.113549.1.7.1");
                using (w.PushSequence(Context0))
                {
                    w.WriteOctetString(safe);
                }
            }
        });
    }

    private static byte[] Sequence(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            write(writer);
        }

        return writer.Encode();
    }

    private static void WriteAlgorithm(AsnWriter writer, string scheme, int rounds)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(scheme);
            using (writer.PushSequence())
            {
                writer.WriteOctetString(Salt);
                writer.WriteInteger(rounds);
            }
        }
    }

    private static byte[] Encrypt(byte[] content)
    {
        var algorithm = new AlgorithmIdentifier(new DerObjectIdentifier(Rc2), new Pkcs12PbeParams(Salt, 1000));
        var cipher = (IBufferedCipher)PbeUtilities.CreateEngine(algorithm);
        cipher.Init(forEncryption: true, PbeUtilities.GenerateCipherParameters(algorithm, Pki.Password.ToCharArray(), wrongPkcs12Zero: false));
        return cipher.DoFinal(content);
    }
}
