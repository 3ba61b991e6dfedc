using System.Formats.Asn1;
using System.Security.Cryptography;

namespace SmimeOperator.Certificates;

/// <summary>
/// How a PKCS#12 file is encoded, as far as that shows without its password (RFC 7292 §4). The readers do not tell, and it decides
/// whether the file survives the way through the connector to the phone.
/// </summary>
internal sealed class Pkcs12Encoding
{
    public const string Data = "1.2.840.113549.1.7.1";
    public const string EncryptedData = "1.2.840.113549.1.7.6";
    public const string KeyBag = "1.2.840.113549.1.12.10.1.1";
    public const string ShroudedKeyBag = "1.2.840.113549.1.12.10.1.2";
    private const string CertificateBag = "1.2.840.113549.1.12.10.1.3";

    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);

    private readonly List<EncryptionAlgorithm> _algorithms = [];

    private Pkcs12Encoding()
    {
    }

    /// <summary>Object identifier of the MAC's hash, or of PBMAC1; null without a MAC.</summary>
    public string? Mac { get; private set; }

    /// <summary>Whether the MAC is PBMAC1 (RFC 9579).</summary>
    public bool HasPbmac1 => Mac is Pbmac1.Identifier;

    /// <summary>The encryption schemes that show without the password.</summary>
    public IReadOnlyList<EncryptionAlgorithm> Algorithms => _algorithms;

    /// <summary>Object identifiers of the encryption schemes: for PBES2 that of its cipher.</summary>
    public IEnumerable<string> Ciphers => _algorithms.Select(algorithm => algorithm.Cipher);

    /// <summary>The greatest number of rounds of any key derivation.</summary>
    public int Rounds { get; private set; }

    /// <summary>The rounds of all key derivations together.</summary>
    public long TotalRounds { get; private set; }

    /// <summary>Private keys that show, each with its own encryption.</summary>
    public int ShroudedKeys { get; private set; }

    /// <summary>Whether a private key stands in the file in the clear.</summary>
    public bool HasClearKey { get; private set; }

    /// <summary>Whether certificates stand in the file in the clear.</summary>
    public bool HasClearCertificates { get; private set; }

    /// <summary>Whether the file has parts that only few programs write: public-key protection, nested bags, secrets.</summary>
    public bool IsUnusual { get; private set; }

    /// <summary>Whether bytes follow the file's end.</summary>
    public bool HasTrailingBytes { get; private set; }

    /// <summary>Reads a file's frame.</summary>
    /// <exception cref="AsnContentException">This is no PKCS#12 file.</exception>
    public static Pkcs12Encoding Read(ReadOnlyMemory<byte> pfx)
    {
        var encoding = new Pkcs12Encoding();
        var file = Reader(pfx);
        var body = file.ReadSequence();
        encoding.HasTrailingBytes = file.HasData;
        if (!body.TryReadInt32(out var version) || version != 3)
        {
            throw new AsnContentException("The file has no PKCS#12 version 3.");
        }

        var content = body.ReadSequence();
        if (content.ReadObjectIdentifier() is Data)
        {
            encoding.ReadAuthenticatedSafe(ContentOf(content));
        }
        else
        {
            encoding.IsUnusual = true;
        }

        if (body.HasData)
        {
            encoding.ReadMac(body.ReadSequence());
        }

        return encoding;
    }

    private static AsnReader Reader(ReadOnlyMemory<byte> data) => new(data, AsnEncodingRules.BER);

    private static byte[] ContentOf(AsnReader contentInfo) => contentInfo.ReadSequence(Context0).ReadOctetString();

    private void ReadAuthenticatedSafe(byte[] safe)
    {
        var parts = Reader(safe).ReadSequence();
        while (parts.HasData)
        {
            var part = parts.ReadSequence();
            switch (part.ReadObjectIdentifier())
            {
                case Data:
                    ReadClearBags(ContentOf(part));
                    break;
                case EncryptedData:
                    var encrypted = part.ReadSequence(Context0).ReadSequence();
                    _ = encrypted.ReadInteger();
                    var info = encrypted.ReadSequence();
                    _ = info.ReadObjectIdentifier();
                    ReadCipher(info.ReadSequence());
                    break;
                default:
                    IsUnusual = true;
                    break;
            }
        }
    }

    private void ReadClearBags(byte[] contents)
    {
        var bags = Reader(contents).ReadSequence();
        while (bags.HasData)
        {
            var bag = bags.ReadSequence();
            switch (bag.ReadObjectIdentifier())
            {
                case ShroudedKeyBag:
                    ShroudedKeys++;
                    ReadCipher(bag.ReadSequence(Context0).ReadSequence().ReadSequence());
                    break;
                case KeyBag:
                    HasClearKey = true;
                    break;
                case CertificateBag:
                    HasClearCertificates = true;
                    break;
                default:
                    IsUnusual = true;
                    break;
            }
        }

        // A key in the clear must not stay behind in this copy.
        CryptographicOperations.ZeroMemory(contents);
    }

    private void ReadCipher(AsnReader algorithm)
    {
        var found = EncryptionAlgorithm.Read(algorithm);
        _algorithms.Add(found);
        IsUnusual |= !found.IsKnownDerivation;
        AddRounds(found.Rounds);
    }

    private void ReadMac(AsnReader mac)
    {
        var algorithm = mac.ReadSequence().ReadSequence();
        Mac = algorithm.ReadObjectIdentifier();
        _ = mac.ReadOctetString();
        if (HasPbmac1)
        {
            AddRounds(Pbmac1.Read(algorithm).Rounds);
        }
        else if (mac.HasData)
        {
            AddRounds(EncryptionAlgorithm.ReadRounds(mac));
        }
    }

    private void AddRounds(int rounds)
    {
        Rounds = Math.Max(Rounds, rounds);
        TotalRounds += rounds;
    }
}
