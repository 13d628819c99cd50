import numpy as np

from knowledge.calibration import fit_choice, fit_logistic, softmax


def test_chances_add_up_to_one() -> None:
    assert softmax(np.array([1000.0, 0.0, -1000.0])).sum() == 1.0
    assert len(softmax(np.array([]))) == 0


def test_a_telling_feature_gets_the_weight() -> None:
    chaos = np.random.default_rng(7)
    cases = []
    for _ in range(60):
        features = chaos.random((5, 2)).astype(np.float32)
        right = int(np.argmax(features[:, 0]))
        cases.append((features, np.array([right])))
    telling, noise = fit_choice(cases)
    assert telling > 5 * max(noise, 0.1)


def test_no_weight_is_negative() -> None:
    features = np.array([[0.0, 1.0], [1.0, 0.0]], dtype=np.float32)
    assert min(fit_choice([(features, np.array([1]))] * 10)) >= 0.0


def test_a_rare_answer_weighs_as_much_as_a_common_one() -> None:
    features = np.array([[0.0]] * 95 + [[1.0]] * 5, dtype=np.float32)
    model = fit_logistic(features, features[:, 0] > 0.5)
    assert model.chance([1.0]) > 0.8
    assert model.chance([0.0]) < 0.2


def test_what_varies_little_may_still_decide() -> None:
    chaos = np.random.default_rng(3)
    telling, noise = chaos.random(400), chaos.random(400)
    features = np.stack([0.5 + telling / 100, noise], axis=1).astype(np.float32)
    model = fit_logistic(features, telling > 0.5)
    assert model.chance([0.509, 0.5]) > 0.95
    assert model.chance([0.501, 0.5]) < 0.05


def test_what_never_varies_gets_no_weight() -> None:
    features = np.array([[1.0, 0.0], [1.0, 1.0]] * 20, dtype=np.float32)
    assert fit_logistic(features, features[:, 1] > 0.5).weights[0] == 0.0
